"""Verifying a bundle as a server would before it is Ready, and saying what was found."""

import re
from pathlib import Path
from typing import Any

from tollgate.bundle.bundle import Bundle
from tollgate.bundle.golden import read_golden
from tollgate.errors import BundleError, ConfigError

_DIGEST = re.compile(r"[0-9a-f]{64}")


def verify_bundle(folder: Path, expect: str | None) -> dict[str, Any]:
    """Verify all of a bundle.

    Args:
        folder: The bundle's folder.
        expect: The digest that it must have; None for the folder's own name where that is a digest, else for any.

    Returns:
        The digest, how many features and golden requests there are, and how far their scores are from what they were.

    Raises:
        ConfigError: `expect` is no digest.
        BundleError: A file is not what it must be; the message names it.
    """
    if expect is None and _DIGEST.fullmatch(folder.resolve().name):
        expect = folder.resolve().name
    if expect is not None and not _DIGEST.fullmatch(expect):
        raise ConfigError(f"--expect {expect!r} is no digest: 64 hexadecimal digits, small letters")
    bundle = Bundle.load(folder, expect)
    try:
        worst = bundle.prove()
    except BundleError as error:
        raise BundleError(f"{folder}: {error}") from error
    features, golden = len(bundle.contract.features), read_golden(bundle.files["golden.json"])
    return {"digest": bundle.digest, "features": features, "golden": len(golden.requests), "worst": worst}
