"""SIGTERM: what is under way is answered, and callers are told to go elsewhere before they lose a call."""

import threading
from collections import Counter
from collections.abc import Iterator

from tests.serving.oip_grpc.live import PATIENCE, SERVICE, Live, ask, pb, serving, typed
from tests.small import SmallBundle

CALLERS = 8


def test_a_call_under_way_is_answered_before_the_server_ends(bundle: SmallBundle) -> None:
    go_on = threading.Event()

    def late() -> Iterator[bytes]:
        go_on.wait(PATIENCE)
        yield typed(bundle.rows[:1]).SerializeToString()

    with serving(bundle.folder, bundle.digest) as live, live.channel() as channel:
        assert ask(channel, "ServerLive").code == "OK"
        call = channel.stream_unary(SERVICE + "ModelInfer").future(late(), timeout=PATIENCE)
        assert ask(channel, "ServerLive").code == "OK"
        live.end()
        go_on.set()
        assert pb.ModelInferResponse.FromString(call.result()).outputs[0].name == "probability"
    assert ["ModelInfer", "OK"] in live.seen


def test_callers_who_never_pause_lose_no_call(bundle: SmallBundle) -> None:
    ended: Counter[str] = Counter()
    answered = threading.Semaphore(0)
    message = typed(bundle.rows[:1])

    def until_the_end(live: Live) -> None:
        with live.channel(**{"grpc.enable_retries": 0}) as channel:
            while (answer := ask(channel, "ModelInfer", message)).code == "OK":
                answered.release()
        ended[f"{answer.code} {answer.details[:17]}"] += 1

    with serving(bundle.folder, bundle.digest) as live:
        callers = [threading.Thread(target=until_the_end, args=(live,)) for _ in range(CALLERS)]
        for caller in callers:
            caller.start()
        for _ in range(20 * CALLERS):
            assert answered.acquire(timeout=PATIENCE)
        live.end()
        for caller in callers:
            caller.join(PATIENCE)
    assert ended == {"UNAVAILABLE failed to connect": CALLERS}
    assert {code for _, code in live.seen} == {"OK"}
