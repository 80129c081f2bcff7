"""The requests of a run, in files, and the proof that a server scores them as the bundle does."""

import http.client
from pathlib import Path

import numpy as np

from benchmarks.serving.forms import Form
from benchmarks.serving.problem import SAME, Problem

HOST = "127.0.0.1"
BODIES = {1: 500, 100: 100}
COMPARED = {1: 50, 100: 3}


class Requests:
    """The bodies in each form, written once."""

    def __init__(self, problem: Problem) -> None:
        """Take the rows of a problem."""
        self._problem = problem

    def places(self, rows: int, number: int) -> list[int]:
        """Which rows stand in a request."""
        return [(number * 7 + at) % len(self._problem.rows) for at in range(rows)]

    def body(self, form: Form, rows: int, number: int) -> bytes:
        """One request."""
        places = self.places(rows, number)
        encoded = self._problem.encoded[places].tolist()
        return form.body([self._problem.rows[place] for place in places], encoded)

    def file(self, form: Form, rows: int, name: str) -> Path:
        """Several hundred requests of one row, or a hundred of 100, a line each."""
        file = self._problem.folder / f"{name.replace(' ', '-')}-{rows}.bodies"
        if not file.exists():
            lines = [self.body(form, rows, number) for number in range(BODIES[rows])]
            file.write_bytes(b"\n".join(lines) + b"\n")
        return file

    def apart(self, port: int, path: str, form: Form) -> float:
        """The largest difference between a server's scores and the bundle's.

        Raises:
            RuntimeError: An answer is not 200, or a score differs by more than 1e-9.
        """
        worst = 0.0
        connection = http.client.HTTPConnection(HOST, port, timeout=30)
        for rows, count in COMPARED.items():
            for number in range(count):
                connection.request(
                    "POST", path, self.body(form, rows, number), {"content-type": "application/json"}
                )
                answer = connection.getresponse()
                content = answer.read()
                if answer.status != 200:
                    raise RuntimeError(f"{answer.status} for {rows} rows: {content[:300].decode()}")
                expected = self._problem.scores[self.places(rows, number)]
                worst = max(worst, float(np.abs(np.array(form.scores(content)) - expected).max()))
        connection.close()
        if not worst <= SAME:
            raise RuntimeError(f"it scores otherwise: {worst:.1e} apart")
        return worst
