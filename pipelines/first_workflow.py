"""Where a first workflow.yaml goes, what it is called, and that it loads before it is there."""

import os
import re
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path

from pipelines.config import load_workflow
from pipelines.names import STEPS
from serving.section import NAME
from tollgate.errors import ConfigError, DataError
from tollgate.yaml12 import LARGEST

LONGEST_NAME = 40


def refuse_output(output: Path, force: bool) -> None:
    """Refuse to write where something is, or where nothing can be.

    Raises:
        ConfigError: The file is there already, or is a folder, or its folder is not there.
    """
    if output.is_dir():
        raise ConfigError(f"--output {output}: is a folder; name a file in it")
    if output.exists() and not force:
        raise ConfigError(
            f"{output}: is there already; name another with --output, or write over it with --force"
        )
    if not output.parent.is_dir():
        raise ConfigError(f"--output {output}: there is no folder {output.parent}")


def names_of(file: Path | None) -> tuple[str, ...] | None:
    """The column names in a file, one a line or with commas between them.

    Raises:
        ConfigError: It cannot be read, or a name stands twice.
    """
    if file is None:
        return None
    try:
        text = file.read_text("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"--names {file}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ConfigError(f"--names {file}: is not UTF-8") from None
    names = [name.strip() for name in re.split(r"[,\r\n]", text) if name.strip()]
    if not names:
        raise ConfigError(f"--names {file}: holds no name")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ConfigError(f"--names {file}: names a column twice: {', '.join(twice)}")
    return tuple(names)


def problem_name(name: str, source: str) -> str:
    """The name given, or one made of the source's.

    Raises:
        ConfigError: The name given is not allowed.
    """
    if name:
        if not re.match(NAME, name) or len(name) > LONGEST_NAME or name in STEPS:
            raise ConfigError(
                f"--name {name!r}: small letters, digits and hyphens, a letter first and no hyphen last, "
                f"{LONGEST_NAME} at most, and not the name of a step ({', '.join(STEPS)})"
            )
        return name
    plain = unicodedata.normalize("NFKD", Path(source).name.split(".")[0]).lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")
    made = made if made[:1].isalpha() else f"model-{made}".strip("-")
    made = made[:LONGEST_NAME].strip("-")
    return f"{made}-model" if made in STEPS else made


def place_workflow(output: Path, source: str, text_of: Callable[[str], str]) -> None:
    """Write a workflow, once it is known to load.

    Args:
        output: The file to write.
        source: The source as it was given, relative to the present folder.
        text_of: The text, given the source relative to the file.

    Raises:
        DataError: The text is too large, or does not load.
    """
    text = text_of(_relative(source, output))
    if len(text.encode()) > LARGEST:
        raise DataError(
            f"{output}: would be larger than {LARGEST // 1024} KiB; leave columns out of the data"
        )
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".tollgate-init-") as folder:
        trial = Path(folder) / output.name
        trial.write_text(text, "utf-8")
        try:
            load_workflow(trial)
        except ConfigError as error:
            problem = str(error).replace(str(trial), str(output))
            raise DataError(f"the columns cannot be described as they are: {problem}") from None
        trial.replace(output)


def _relative(source: str, output: Path) -> str:
    given = Path(source).absolute()
    path = given.parent.resolve() / given.name
    relative = os.path.relpath(path, output.parent.resolve())
    return str(path) if relative.startswith("~") else relative
