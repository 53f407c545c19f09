"""A SCORM 1.2 package, played in a course system that is a stub."""

from __future__ import annotations

import json
import zipfile
import zlib
from importlib.resources import files
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

import backpropviz as bpv

if TYPE_CHECKING:
    from pathlib import Path

CP, ADL = "{http://www.imsproject.org/xsd/imscp_rootv1p1p2}", "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"
STUB = """
<!DOCTYPE html><title>course system</title><script>
window.calls = [];
const held = HELD;
const told = (name) => (...given) => { calls.push([name, ...given]); return REFUSES === name ? "false" : "true"; };
window.API = Object.fromEntries(["Initialize", "Commit", "Finish"].map((name) => ["LMS" + name, told("LMS" + name)]));
API.LMSSetValue = (name, value) => { held[name] = value; return told("LMSSetValue")(name, value); };
API.LMSGetValue = (name) => held[name] ?? "";
API.LMSGetLastError = () => "101";
API.LMSGetErrorString = () => "General exception";
</script>
"""
FRAME = '<iframe src="lesson/index.html" width="1200" height="900"></iframe>'


@pytest.fixture
def package(tmp_path):
    made = bpv.exercise("v1 = x + y; f = x/v1", x=-1, y=2)
    path = made.to_scorm(tmp_path / "lesson.zip", title="Sums & quotients")
    again = made.to_scorm(tmp_path / "again.zip", title="Sums & quotients")
    assert path.read_bytes() == again.read_bytes()
    made.close()
    return path


def course(package: Path, body: str = FRAME, *, held=None, refuses="") -> str:
    """Unpack the package beside a course system; the address of the system's page."""
    with zipfile.ZipFile(package) as opened:
        opened.extractall(package.parent / "lesson")
    system = STUB.replace("HELD", json.dumps(held or {})).replace("REFUSES", json.dumps(refuses)) + body
    (package.parent / "course.html").write_text(system, encoding="utf-8")
    return "http://course.test/course.html"


@pytest.fixture
def browser_page(chromium, tmp_path):
    """A page that finds the course's folder under one address, and nothing else; errors fail the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    faults: list[str] = []

    def serve(route):
        address = route.request.url
        path = tmp_path / address.removeprefix("http://course.test/")
        if address.startswith("http://course.test/") and path.is_file():
            route.fulfill(path=path, content_type="text/html")
        else:
            route.abort()

    context.route("**/*", serve)
    page = context.new_page()
    page.set_default_timeout(15_000)
    context.on("weberror", lambda fault: faults.append(str(fault.error)))
    yield page
    context.close()
    assert faults == []


def answer(lesson, name, text):
    field = lesson.get_by_label(f"gradient of {name}", exact=True)
    field.fill(text)
    field.press("Enter")


def left_and_opened_again(browser_page):
    """What the system holds when the lesson was left, and the lesson, opened once more in the same system."""
    browser_page.evaluate("document.querySelector('iframe').remove()")
    browser_page.wait_for_function("calls.at(-1)[0] === 'LMSFinish'")
    held = browser_page.evaluate("held")
    browser_page.evaluate("frame => document.body.insertAdjacentHTML('beforeend', frame)", FRAME)
    return held, browser_page.frame_locator("iframe")


def values(calls):
    return {call[1]: call[2] for call in calls if call[0] == "LMSSetValue"}


def test_the_manifest_names_one_lesson_with_its_file(package):
    with zipfile.ZipFile(package) as opened:
        assert opened.namelist() == ["imsmanifest.xml", "index.html"]
        manifest = ET.fromstring(opened.read("imsmanifest.xml"))  # noqa: S314  our own text
    assert manifest.findtext(f"{CP}metadata/{CP}schemaversion") == "1.2"
    (item,) = manifest.iter(f"{CP}item")
    (resource,) = manifest.iter(f"{CP}resource")
    assert item.findtext(f"{CP}title") == "Sums & quotients"
    assert item.get("identifierref") == resource.get("identifier")
    assert (resource.get(f"{ADL}scormtype"), resource.get("href")) == ("sco", "index.html")
    assert manifest.find(f"{CP}organizations").get("default") == manifest.find(f".//{CP}organization").get("identifier")


def test_the_score_is_reported_to_the_system_around_the_page(browser_page, package):
    browser_page.goto(course(package, f"<iframe srcdoc='{FRAME}' width=1250 height=950></iframe>"))
    lesson = browser_page.frame_locator("iframe").frame_locator("iframe")
    lesson.get_by_text("The score is reported").wait_for()
    answer(lesson, "x", "1")
    lesson.get_by_text("Reported to the course system: 0 of 100.").wait_for()
    answer(lesson, "x", "2")
    lesson.get_by_text("Reported to the course system: 33 of 100.").wait_for()
    calls = browser_page.evaluate("calls")
    assert calls[0] == ["LMSInitialize", ""]
    assert calls[-1] == ["LMSCommit", ""]
    expected = {"cmi.core.score.min": "0", "cmi.core.score.max": "100", "cmi.core.score.raw": "33"}
    assert values(calls).items() >= {**expected, "cmi.core.lesson_status": "incomplete"}.items()
    for _ in range(2):
        lesson.get_by_role("button", name="Reveal one").click()
    browser_page.wait_for_function("held['cmi.core.lesson_status'] === 'completed'")
    assert browser_page.evaluate("held['cmi.core.score.raw']") == "33"
    browser_page.evaluate("document.querySelector('iframe').remove()")
    browser_page.wait_for_function("calls.at(-1)[0] === 'LMSFinish'")
    names = [call[0] for call in browser_page.evaluate("calls")]
    assert names.count("LMSInitialize") == names.count("LMSFinish") == 1
    assert browser_page.evaluate("held['cmi.core.session_time']").startswith("0000:00:")


def test_the_system_may_have_opened_the_page_in_a_window(browser_page, package):
    browser_page.goto(course(package, ""))
    with browser_page.expect_popup() as opened:
        browser_page.evaluate("void window.open('lesson/index.html')")
    answer(opened.value, "x", "2")
    opened.value.get_by_text("Reported to the course system: 33 of 100.").wait_for()
    opened.value.close()
    browser_page.wait_for_function("calls.at(-1)[0] === 'LMSFinish'")


def test_a_lesson_that_was_left_is_not_completed_and_goes_on_where_it_was(browser_page, package):
    browser_page.goto(course(package))
    browser_page.frame_locator("iframe").get_by_text("The score is reported").wait_for()
    held, lesson = left_and_opened_again(browser_page)
    assert (held["cmi.core.lesson_status"], held["cmi.core.exit"]) == ("incomplete", "suspend")
    for text in (*(f"9{'0' * 99}{number}" for number in range(20)), "2"):  # more than a system keeps
        answer(lesson, "x", text)
    lesson.get_by_text("Reported to the course system: 33 of 100.").wait_for()
    held, lesson = left_and_opened_again(browser_page)
    assert 1000 < len(held["cmi.suspend_data"]) <= 4096
    lesson.get_by_text("1 of 3 right").wait_for()
    browser_page.evaluate("held['cmi.suspend_data'] = '[{\"blank\": 77}, null'")
    _, lesson = left_and_opened_again(browser_page)
    lesson.get_by_text("The score is reported").wait_for()


def test_a_system_whose_functions_fail_does_not_stop_the_exercise(browser_page, package):
    course(package)
    (package.parent / "none.html").write_text(f"<script>window.API = {{}}</script>{FRAME}", encoding="utf-8")
    browser_page.goto("http://course.test/none.html")
    lesson = browser_page.frame_locator("iframe")
    lesson.get_by_text("did not take the score").wait_for()
    answer(lesson, "x", "2")
    lesson.get_by_text("1 of 3 right").wait_for()


def test_a_lower_score_than_before_is_not_reported(browser_page, package):
    held = {"cmi.core.score.raw": "67", "cmi.core.lesson_status": "completed"}
    browser_page.goto(course(package, held=held))
    lesson = browser_page.frame_locator("iframe")
    answer(lesson, "x", "2")
    lesson.get_by_text("Reported to the course system: 67 of 100.").wait_for()
    assert values(browser_page.evaluate("calls"))["cmi.core.lesson_status"] == "completed"


@pytest.mark.parametrize("refuses", ["LMSInitialize", "LMSSetValue", "LMSCommit"])
def test_a_system_that_refuses_is_named_with_its_reason(browser_page, package, refuses):
    browser_page.goto(course(package, refuses=refuses))
    lesson = browser_page.frame_locator("iframe")
    answer(lesson, "x", "2")
    lesson.get_by_text("did not take the score: General exception").wait_for()
    lesson.get_by_text("1 of 3 right").wait_for()


def test_without_a_course_system_the_page_works_and_says_so(offline, package):
    course(package)
    offline.open(package.parent / "lesson" / "index.html")
    offline.page.get_by_text("No course system was found").wait_for()
    answer(offline.page, "x", "2")
    offline.page.get_by_text("1 of 3 right").wait_for()


def test_no_other_page_carries_the_reporting():
    built = {path.name: path.read_bytes() for path in files("backpropviz.static").iterdir() if not path.is_dir()}
    built = {name: zlib.decompress(text) if name.endswith(".packed") else text for name, text in built.items()}
    assert [name for name, text in built.items() if b"LMSInitialize" in text] == ["scorm_page.packed"]


def test_parts_of_an_array_count(browser_page, tmp_path):
    made = bpv.exercise(lambda x, y: (x * y).sum(), x=[1.0, 2.0], y=[3.0, 4.0], ask=["gradient x", "shape x"])
    package = made.to_scorm(tmp_path / "lesson.zip")
    made.close()
    browser_page.goto(course(package))
    lesson = browser_page.frame_locator("iframe")
    lesson.get_by_label("gradient of x, entry 1", exact=True).fill("7")
    answer(lesson, "x, entry 0", "3")
    lesson.get_by_text("Reported to the course system: 25 of 100.").wait_for()
