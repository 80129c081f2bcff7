"""The policy as a step finds it: in the file that the platform mounts, never in a run's parameters."""

import os
from pathlib import Path

from pydantic import ValidationError

from tollgate.errors import ConfigError
from tollgate.mistakes import mistakes
from tollgate.policy import Policy
from tollgate.policy_before import PolicyBefore, is_before
from tollgate.yaml12 import read_yaml

POLICY_FILE = "TOLLGATE_POLICY"


def read_policy() -> Policy:
    """The policy in the file that the environment names; the default policy where it names none.

    Raises:
        ConfigError: The file is not there, cannot be read, or is no policy.
    """
    path = policy_named()
    return Policy() if path is None else policy_in(path)


def policy_named() -> Path | None:
    """The policy file that the environment names, if it names one.

    Raises:
        ConfigError: It is not there.
    """
    named = os.environ.get(POLICY_FILE, "")
    if not named:
        return None
    if not Path(named).exists():
        raise ConfigError(
            f"{named}: no such file, and {POLICY_FILE} names it as the policy: put it there, or name another"
        )
    return Path(named)


def policy_in(path: Path) -> Policy:
    """The policy in a file.

    Raises:
        ConfigError: The file cannot be read, or is no policy.
    """
    document = read_yaml(path)
    kind = PolicyBefore if is_before(document.value) else Policy
    try:
        read = kind.read(document.value)
        return read.today if isinstance(read, PolicyBefore) else read
    except ValidationError as error:
        raise ConfigError("\n".join(mistakes(kind, document, error, {}))) from None
