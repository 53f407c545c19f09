"""A page as a SCORM 1.2 package, which course systems take as a lesson with a score."""

from __future__ import annotations

import hashlib
import io
import zipfile
from html import escape

SCORM_PROGRAM = "scorm_page"
"""The page of an exercise that reports its score to the system around it."""

_PAGE = "index.html"
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # a zip file knows no time before; the same page gives the same bytes


def scorm_package(title: str, page: str) -> bytes:
    """Pack one page as one lesson.

    Parameters
    ----------
    title : str
        Name of the lesson.
    page : str
        HTML of a page that runs :data:`SCORM_PROGRAM`.

    Returns
    -------
    bytes
        A zip file of ``imsmanifest.xml`` and the page (ADL, SCORM Content Aggregation Model 1.2, section 2.3).
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for name, text in (("imsmanifest.xml", _manifest(title, page)), (_PAGE, page)):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, text.encode())
    return packed.getvalue()


def _manifest(title: str, page: str) -> str:
    name, shown = f"backpropviz-{hashlib.sha256(page.encode()).hexdigest()[:16]}", escape(title)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="{name}" version="1.0"
  xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>1.2</schemaversion>
  </metadata>
  <organizations default="course">
    <organization identifier="course">
      <title>{shown}</title>
      <item identifier="lesson" identifierref="page" isvisible="true">
        <title>{shown}</title>
      </item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="page" type="webcontent" adlcp:scormtype="sco" href="{_PAGE}">
      <file href="{_PAGE}"/>
    </resource>
  </resources>
</manifest>
"""
