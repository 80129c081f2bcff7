"""Asks a server with Triton's client: python ask_triton.py PORT < rows; writes what it was told as JSON."""

import json
import sys
from typing import Any

import numpy as np
import tritonclient.grpc as triton
from tritonclient.utils import InferenceServerException

DTYPES = {"FP64": "f8", "INT64": "i8", "BOOL": "?", "BYTES": "O"}


def raw(rows: list[dict[str, Any]], kinds: dict[str, str]) -> list[Any]:
    inputs = []
    for name, kind in kinds.items():
        absent = np.nan if kind == "FP64" else ""
        values = [absent if row[name] is None else row[name] for row in rows]
        tensor = triton.InferInput(name, [len(rows)], kind)
        tensor.set_data_from_numpy(np.array(values, dtype=DTYPES[kind]))
        inputs.append(tensor)
    return inputs


def main() -> None:
    given = json.load(sys.stdin)
    rows, kinds = given["rows"], given["kinds"]
    client = triton.InferenceServerClient(f"127.0.0.1:{sys.argv[1]}")
    told: dict[str, Any] = {
        "ready": [client.is_server_live(), client.is_server_ready(), client.is_model_ready("m")]
    }
    about = client.get_model_metadata("m")
    told["metadata"] = [about.name, list(about.versions), len(about.inputs)]
    plain = client.infer("m", raw(rows, kinds))
    told["raw"] = plain.as_numpy("probability").tolist()
    outputs = [triton.InferRequestedOutput(name) for name in ("decision", "probability")]
    asked = client.infer("m", raw(rows, kinds), outputs=outputs, request_id="order-7")
    told["asked"] = asked.as_numpy("probability").tolist()
    told["decisions"] = [text.decode() for text in asked.as_numpy("decision").tolist()]
    told["id"] = asked.get_response().id
    try:
        client.infer("m", raw([rows[0] | {"grade": 9}], kinds))
    except InferenceServerException as error:
        told["status"], told["error"] = error.status(), error.message()
    try:
        client.load_model("m")
    except InferenceServerException as error:
        told["loaded"] = error.status()
    client.close()
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
