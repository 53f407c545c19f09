"""Compare every way to differentiate on 100,000 random expressions; the tests do so on 20,000.

Run as ``python benchmarks/random_expressions.py [count]``; ends with pytest's exit code.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1] / "tests" / "autodiff" / "test_random_expressions.py"


def main() -> int:
    """Run the test with more expressions."""
    count = sys.argv[1] if len(sys.argv) > 1 else "100000"
    environment = {**os.environ, "RANDOM_EXPRESSIONS": count}
    return subprocess.run([sys.executable, "-m", "pytest", "-q", str(TESTS)], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
