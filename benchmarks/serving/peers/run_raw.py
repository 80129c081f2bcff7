"""Raw ASGI: decode, score, encode, and nothing else."""

import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import msgspec
import numpy as np
import onnxruntime
import uvicorn

OUTPUTS = ("probability", "margin", "approved")
JSON = [(b"content-type", b"application/json")]


def main() -> None:
    """Serve model.onnx."""
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    codes = json.loads((folder / "codes.json").read_text())
    app = application((folder / "model.onnx").read_bytes(), codes["names"], codes["values"])
    uvicorn.run(
        app, host="127.0.0.1", port=port, loop="uvloop", http="httptools", ws="none", lifespan="off",
        access_log=False, log_level="error",
    )  # fmt: skip


def application(graph: bytes, names: list[str], values: list[str]) -> Any:
    """The ASGI function over a graph."""
    kinds: list[tuple[str, type]] = [(name, str if name.startswith("category") else float) for name in names]
    rows = msgspec.defstruct("Row", kinds)
    decode = msgspec.json.Decoder(msgspec.defstruct("Request", [("instances", list[rows])])).decode  # type: ignore[valid-type]
    encode = msgspec.json.Encoder().encode
    code = {value: float(at) for at, value in enumerate(values)}
    split = sum(kind is float for _, kind in kinds)
    astuple = msgspec.structs.astuple
    one, many = scorers(graph, len(names))

    def numbers(row: Any) -> list[float]:
        found = astuple(row)
        return [*found[:split], *[code[value] for value in found[split:]]]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/ready":
            await send({"type": "http.response.start", "status": 200, "headers": JSON})
            await send({"type": "http.response.body", "body": b"{}"})
            return
        body = b""
        more = True
        while more:
            message = await receive()
            body += message["body"]
            more = message.get("more_body", False)
        asked: list[Any] = decode(body).instances  # type: ignore[attr-defined]
        scores = one(numbers(asked[0])) if len(asked) == 1 else many([numbers(row) for row in asked])
        answer = encode({"predictions": scores})
        headers = [*JSON, (b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    return app


def scorers(graph: bytes, features: int) -> tuple[Any, Any]:
    """What scores one row, through memory bound to the graph once, and what scores many."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    row, places = np.zeros((1, features)), [np.zeros(1), np.zeros(1), np.zeros(1, dtype=bool)]
    bound = session.io_binding()
    bound.bind_input("features", "cpu", 0, np.float64, row.shape, row.ctypes.data)
    for name, place in zip(OUTPUTS, places, strict=True):
        bound.bind_output(name, "cpu", 0, place.dtype.type, place.shape, place.ctypes.data)
    run, ready, settings = session._sess.run_with_iobinding, bound._iobinding, onnxruntime.RunOptions()

    def one(found: list[float]) -> list[float]:
        row[0] = found
        run(ready, settings)
        return places[0].tolist()

    def many(found: list[list[float]]) -> list[float]:
        scores: list[float] = session.run(OUTPUTS[:1], {"features": np.array(found)})[0].tolist()
        return scores

    return one, many


if __name__ == "__main__":
    main()
