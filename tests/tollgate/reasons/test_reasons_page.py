"""The example on docs/reasons.md prints what the page shows."""

import re
import subprocess
import sys

from tests.pipelines.places import REPOSITORY

PAGE = (REPOSITORY / "docs" / "reasons.md").read_text()


def test_the_example_prints_what_is_shown() -> None:
    ((code, shown),) = re.findall(r"^```python\n(.*?)^```\n\n```\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == shown
