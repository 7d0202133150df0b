"""Visitors who come at once: real clients on loopback, and what they get from a served app.

Gradio's own client needs a thread for each question and reads every message with it; here all
visitors are coroutines of one process that speak the same protocol (upload, queue/join,
queue/data), so that their share of the cores is small.
"""

import asyncio
import io
import json
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
import numpy as np
from PIL import Image

from seviz.bench.served import Served, serve
from seviz.errors import UserError

PHOTOS = 8  # made photographs; each visitor sends two of them
SIDES = 320, 240  # pixels
QUESTIONS = 4  # of each visitor
ARMS = (["intact", "identity"], ["intact", "static"], ["intact", "half: SE_4*=0.5"])
CLOSE = 1e-4  # what an answer may differ from the serial one
TICK = 0.1  # seconds between two looks at the server's memory
PATIENCE = 300.0  # seconds that a visitor waits for one answer
MOST = 500  # visitors
REFUSED, ERROR = "refused", "error"  # what may go wrong with a question
NO_PLACE = (429, 503)  # what the app answers where the queue has no place


@dataclass(frozen=True)
class Asked:
    """One question that a visitor asked.

    task: the endpoint; photo: the number of the photograph; seconds: until the answer; answer: its
    JSON, None where there was none; fault: "", REFUSED (no place in the queue) or ERROR.
    """

    task: str
    photo: int
    seconds: float
    answer: Any
    fault: str


@dataclass
class Visit:
    """What a visitor got; first: seconds from the page's address to the first answer, 0 without."""

    first: float = 0.0
    asked: list[Asked] = field(default_factory=list)


@dataclass(frozen=True)
class Load:
    """Visitors at once.

    first, p50 and p95: seconds (first: of the page, the upload and the first answer; the others by
    endpoint); rate: answers a second, against_serial: as a ratio to that of one visitor who asks
    one after the other; memory in MB, resident: before, at the most, and afterwards.
    """

    visitors: int
    questions: int
    seconds: float
    rate: float
    against_serial: float
    first: tuple[float, float]
    p50: dict[str, float]
    p95: dict[str, float]
    errors: int
    refused: int
    wrong: int
    before: float | None
    peak: float | None
    after: float | None


def photographs(count: int = PHOTOS) -> list[bytes]:
    """Make photographs, each of other waves of colour, as JPEG files."""
    random = np.random.default_rng(19)
    y, x = np.mgrid[: SIDES[1], : SIDES[0]] / 40
    made = []
    for _ in range(count):
        waves = random.uniform(0.3, 3, (3, 2))
        colours = [np.sin(a * x + b * y + a) for a, b in waves]
        noise = random.normal(0, 12, (SIDES[1], SIDES[0], 3))
        pixels = 128 + 100 * np.stack(colours, -1) + noise
        file = io.BytesIO()
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=90)
        made.append(file.getvalue())
    return made


def questions(photo: int) -> list[tuple[str, list[Any]]]:
    """Return a visitor's questions: endpoints, and what follows the photograph(s)."""
    return [
        ("trace", ["embedded", ARMS[photo % len(ARMS)], 5, False, False]),
        ("compare", ["embedded", 5, False]),
        ("channels", ["embedded", "", 8, "", False]),
        ("necessity", ["embedded", "", "", False]),
    ]


class Client:
    """One visitor, who asks as the page's own client does."""

    def __init__(self, http: httpx.AsyncClient, endpoints: dict[str, int], name: str) -> None:
        self._http, self._endpoints, self._name = http, endpoints, name

    async def visit(self, photo: int, files: Sequence[bytes], count: int = QUESTIONS) -> Visit:
        """Open the page, upload photographs, and ask the first `count` questions."""
        visit, start = Visit(), time.perf_counter()
        for task, rest in questions(photo)[:count]:
            with suppress(httpx.HTTPError):
                if not visit.asked:
                    (await self._http.get("/")).raise_for_status()
                shown = files[photo], files[(photo + 1) % len(files)]
                sent = [await self._upload(file) for file in shown[: 1 + (task == "compare")]]
                visit.asked.append(await self._ask(task, [*sent, *rest], photo))
                visit.first = visit.first or time.perf_counter() - start
                continue
            visit.asked.append(Asked(task, photo, 0.0, None, ERROR))
        return visit

    async def _upload(self, photo: bytes) -> dict[str, Any]:
        sent = await self._http.post("/gradio_api/upload", files={"files": ("made.jpg", photo)})
        return {"path": sent.raise_for_status().json()[0], "meta": {"_type": "gradio.FileData"}}

    async def _ask(self, task: str, data: list[Any], photo: int) -> Asked:
        start = time.perf_counter()
        body = {"fn_index": self._endpoints[task], "session_hash": self._name, "data": data}
        answer, fault = None, ERROR
        with suppress(httpx.HTTPError):
            joined = await self._http.post("/gradio_api/queue/join", json=body)
            if joined.is_success:
                answer = await self._answer(joined.json()["event_id"])
                fault = ERROR if answer is None else ""
            elif joined.status_code in NO_PLACE:
                fault = REFUSED
        return Asked(task, photo, time.perf_counter() - start, answer, fault)

    async def _answer(self, event: str) -> Any:
        """Follow the messages until the event's last; return its answer, None without any."""
        where, whose = "/gradio_api/queue/data", {"session_hash": self._name}
        async with self._http.stream("GET", where, params=whose) as messages:
            async for line in messages.aiter_lines():
                message = json.loads(line[6:]) if line.startswith("data: ") else {}
                if message.get("msg") == "process_completed" and message["event_id"] == event:
                    return message["output"]["data"][0] if message["success"] else None
        return None


@asynccontextmanager
async def clients(served: Served, count: int) -> AsyncIterator[list[Client]]:
    """Open clients of an app, each of a name that it has not heard before."""
    # The app closes connections that rest for 5 s: none is used that it may be closing.
    limits = httpx.Limits(max_connections=None, keepalive_expiry=1.0)
    async with httpx.AsyncClient(
        base_url=served.url, timeout=PATIENCE, limits=limits, trust_env=False
    ) as http:
        known = (await http.get("/config")).raise_for_status().json()["dependencies"]
        endpoints = {event["api_name"]: event["id"] for event in known}
        stamp = time.time_ns()
        yield [Client(http, endpoints, f"visitor{stamp}-{i}") for i in range(count)]


async def at_once(served: Served, count: int, each: int = QUESTIONS) -> list[Visit]:
    """Let visitors come at once, each with `each` questions; return what they got."""
    files = photographs()
    async with clients(served, count) as some:
        visits = [client.visit(i % PHOTOS, files, each) for i, client in enumerate(some)]
        return list(await asyncio.gather(*visits))


async def in_turn(served: Served) -> tuple[list[Visit], float]:
    """Let one visitor after the other ask, each about another photograph; also the seconds."""
    files = photographs()
    async with clients(served, PHOTOS + 1) as (first, *others):
        await first.visit(0, files)  # which loads the network
        start = time.perf_counter()
        visits = [await client.visit(i, files) for i, client in enumerate(others)]
        return visits, time.perf_counter() - start


async def watched(served: Served, count: int, each: int) -> tuple[list[Visit], float, list[float]]:
    """Return the visits, the seconds of all, and the app's memory in MB at each TICK."""
    seen: list[float] = []

    async def look() -> None:
        while True:
            seen.extend(mb for mb in [served.resident()] if mb is not None)
            await asyncio.sleep(TICK)

    looking, start = asyncio.create_task(look()), time.perf_counter()
    try:
        visits = await at_once(served, count, each)
    finally:
        looking.cancel()
    return visits, time.perf_counter() - start, seen


def is_close(answer: Any, other: Any) -> bool:
    """Tell whether two answers are the same, numbers within CLOSE."""
    if isinstance(answer, dict) and isinstance(other, dict):
        return answer.keys() == other.keys() and all(is_close(answer[k], other[k]) for k in answer)
    if isinstance(answer, list) and isinstance(other, list):
        return len(answer) == len(other) and all(map(is_close, answer, other))
    if isinstance(answer, float) and isinstance(other, float):
        return abs(answer - other) <= CLOSE * max(1.0, abs(other))
    return bool(answer == other)


def load(
    visits: Sequence[Visit],
    seconds: float,
    *,
    right: dict[tuple[str, int], Any],
    serial: float,
    memory: Sequence[float] = (),
) -> Load:
    """Sum visits up; right: the serial answers, serial: of these a second."""
    asked = [one for visit in visits for one in visit.asked]
    answered = [one for one in asked if not one.fault]
    by_task = {
        task: quantiles([one.seconds for one in answered if one.task == task])
        for task in dict.fromkeys(one.task for one in answered)
    }
    return Load(
        visitors=len(visits),
        questions=len(asked),
        seconds=seconds,
        rate=len(answered) / seconds,
        against_serial=len(answered) / seconds / serial,
        first=quantiles([visit.first for visit in visits if visit.first]),
        p50={task: found[0] for task, found in by_task.items()},
        p95={task: found[1] for task, found in by_task.items()},
        errors=sum(one.fault == ERROR for one in asked),
        refused=sum(one.fault == REFUSED for one in asked),
        wrong=sum(not is_close(one.answer, right[one.task, one.photo]) for one in answered),
        before=memory[0] if memory else None,
        peak=max(memory, default=None),
        after=memory[-1] if memory else None,
    )


def quantiles(seconds: Sequence[float]) -> tuple[float, float]:
    """Return the median, and what 95 % do not exceed; zeros of nothing."""
    seconds = seconds or [0.0]
    return float(np.quantile(seconds, 0.5)), float(np.quantile(seconds, 0.95, method="higher"))


def loads(counts: Sequence[int], each: int = QUESTIONS) -> Iterator[Load]:
    """Serve the app, and yield what each number of visitors at once gets, as soon as it has."""
    check(counts, each)
    with serve() as served:
        visits, seconds = asyncio.run(in_turn(served))
        asked = [one for visit in visits for one in visit.asked]
        if faults := [one for one in asked if one.fault]:
            raise UserError(f"One visitor alone got no answer of /{faults[0].task}.")
        right = {(one.task, one.photo): one.answer for one in asked}
        serial = len(asked) / seconds
        for count in counts:
            found, took, memory = asyncio.run(watched(served, count, each))
            yield load(found, took, right=right, serial=serial, memory=memory)


def check(counts: Sequence[int], each: int) -> None:
    """Check the numbers of visitors, and of questions; UserError where they are too many or few."""
    if any(not 1 <= count <= MOST for count in counts):
        raise UserError(f"Give numbers of visitors from 1 to {MOST}, such as 1 10 50.")
    if not 1 <= each <= QUESTIONS:
        raise UserError(f"Each visitor asks 1 to {QUESTIONS} questions; these are {each}.")
