"""The process that runs a compiled pipeline with Kubeflow's local runner; started by `pipelines.local`.

usage: python -m pipelines.localrunner SPEC ARGUMENTS PIPELINE_ROOT
"""

import json
import os
import shutil
import signal
import sys
import threading
from pathlib import Path
from typing import IO

from kfp import components, local


def end_with(parent: IO[bytes], scratch: Path) -> None:
    """End this process and all its steps once the one that started it is gone, whatever killed that."""
    parent.read()
    shutil.rmtree(scratch, ignore_errors=True)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def main(spec: str, arguments: str, pipeline_root: str) -> None:
    """Run the pipeline in a file with the arguments in another."""
    # A shell that starts tollgate in the background ignores Ctrl-C, and everything below would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    watched = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), sys.stdin.fileno())  # the steps inherit that
    if os.getpgrp() == os.getpid():  # a group of our own, as `pipelines.local` makes it
        scratch = Path(pipeline_root).parent
        threading.Thread(target=end_with, args=(watched, scratch), daemon=True).start()
    # kfp puts sys.executable, unquoted, into a shell script. The plain name finds the same Python on the PATH that
    # `pipelines.local` sets, whatever spaces its folder has, and leaves the text "python3" in parameters alone.
    sys.executable = "python3"
    local.init(local.SubprocessRunner(use_venv=False), pipeline_root=pipeline_root, raise_on_error=True)
    pipeline = components.load_component_from_file(spec)
    pipeline(**json.loads(Path(arguments).read_text()))


if __name__ == "__main__":
    main(*sys.argv[1:])
