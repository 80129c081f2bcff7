"""What happens at the end of every run: its outcome is settled, and a webhook hears of it."""

import http.client
import json
import os
import ssl
import urllib.error
import urllib.parse
import urllib.request

from tollgate.clock import now
from tollgate.outcome import Outcome, outcome_key
from tollgate.storage.folder import FolderStorage

WEBHOOK = "TOLLGATE_WEBHOOK"
TIMEOUT = 5.0


def settle_outcome(storage: FolderStorage, run: str) -> Outcome:
    """The outcome that a step wrote; `failed`, and written now, if none did, or none that can be read."""
    key, reason = outcome_key(run), "a step ended without an outcome"
    if storage.exists(key):
        try:
            return Outcome.read(json.loads(storage.read(key)))
        except ValueError:
            reason = "a step wrote an outcome that cannot be read"
    outcome = Outcome(run=run, outcome="failed", reasons=(reason,), at=now())
    storage.write(key, outcome.content())
    return outcome


def tell_webhook(outcome: Outcome) -> str:
    """Post an outcome to the webhook that the environment names; no failure changes the run.

    Returns:
        What became of it, without the URL: that may hold a secret.
    """
    url = os.environ.get(WEBHOOK, "")
    if not url:
        return "none"
    body = json.dumps(
        {"text": f"Tollgate run {outcome.run}: {outcome.outcome}", "outcome": outcome.as_json()}
    )
    try:
        if urllib.parse.urlsplit(url).scheme != "https":
            return "refused: the webhook must be https"
        request = urllib.request.Request(url, body.encode(), {"Content-Type": "application/json"})  # noqa: S310
        trusted = ssl.create_default_context()  # urllib keeps one for the whole process otherwise
        with urllib.request.urlopen(request, timeout=TIMEOUT, context=trusted) as answer:  # noqa: S310 - https, see above
            return f"answered {answer.status}"
    except (OSError, ValueError, http.client.HTTPException) as error:
        return f"failed: {type(error).__name__}"
