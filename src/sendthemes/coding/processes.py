"""Work shared among processes of our own: batches of Arrow records go out and come back.

A worker is a fresh Python that reads batches from its standard input and writes what it made of them to its
standard output. So nothing is forked, the caller's script is not run again, and a worker that dies closes
its pipe: the caller sees it at once and stops, instead of waiting for ever. When the caller dies, its
workers read the end of their input and stop too.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any, Literal

import numpy as np

from sendthemes import errors
from sendthemes.codebook.model import Codebook
from sendthemes.coding.apply import Engine, Found
from sendthemes.errors import Problem, SendThemesError, check_choice
from sendthemes.survey.answers import Answers, Question

if TYPE_CHECKING:
    import pyarrow

_HEAD = struct.Struct(">?Q")  # whether it went well, bytes that follow
_ANSWERS_A_BATCH = 50_000
_TAGGED_A_BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a batch needs beside its answers.

    Attributes:
        codebook: The codebook.
        questions: All questions of the survey; answers name them by id.
        lemmas: "possible" or "in_context", as in ``code_answers``.
        cache: As in ``code_answers``.
    """

    codebook: Codebook
    questions: tuple[Question, ...]
    lemmas: Literal["possible", "in_context"] = "possible"
    cache: str | None = None

    def __post_init__(self) -> None:
        check_choice("lemmas", self.lemmas, ("possible", "in_context"))

    def to_json(self) -> str:
        """Write the settings as text, for another process."""
        return json.dumps(
            {
                "codebook": self.codebook.model_dump(mode="json", exclude_defaults=True),
                "questions": [asdict(question) for question in self.questions],
                "lemmas": self.lemmas,
                "cache": self.cache,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """Read what ``to_json`` wrote."""
        given = json.loads(text)
        questions = [{name: _tuples(value) for name, value in each.items()} for each in given["questions"]]
        codebook = Codebook.model_validate(given["codebook"])
        return cls(codebook, tuple(Question(**each) for each in questions), given["lemmas"], given["cache"])


def each_batch(
    batches: Iterable[pyarrow.RecordBatch], task: str, settings: Settings, processes: int = 1
) -> Iterator[pyarrow.RecordBatch]:
    """Do a task on every batch; results come in the order of the batches.

    Args:
        batches: Read as they are needed, at most twice as many ahead as there are processes.
        task: "module:function" of a function (RecordBatch, Settings) → RecordBatch.
        settings: What the function takes beside each batch.
        processes: 1 works in this process.

    Raises:
        SendThemesError: What the function raised, or that a worker was ended from outside.
    """
    if processes == 1:
        function = _function(task)
        yield from (function(batch, settings) for batch in batches)
        return
    with ExitStack() as stack:
        workers = [stack.enter_context(_Worker(task, settings)) for _ in range(processes)]
        idle: SimpleQueue[_Worker] = SimpleQueue()
        for worker in workers:
            idle.put(worker)

        def run(batch: pyarrow.RecordBatch) -> pyarrow.RecordBatch:
            worker = idle.get()
            try:
                return worker.call(batch)
            finally:
                idle.put(worker)

        threads = stack.enter_context(ThreadPoolExecutor(processes))
        pending: deque[Future[pyarrow.RecordBatch]] = deque()
        try:
            for batch in batches:
                pending.append(threads.submit(run, batch))
                if len(pending) == 2 * processes:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            for worker in workers:  # whoever waits for one of them wakes up
                worker.kill()
            raise


def find_in_batches(engine: Engine, settings: Settings, *, processes: int, progress: bool) -> None:
    """Let processes find all entries of a codebook and hand their hits to the engine.

    Args:
        engine: What takes the hits.
        settings: The same codebook.
        processes: How many.
        progress: Whether to show answers done, rate and time left on standard error.
    """
    from tqdm import tqdm

    labels, texts = engine.prepare(settings.codebook), engine.answers.texts
    most = _TAGGED_A_BATCH if settings.lemmas == "in_context" else _ANSWERS_A_BATCH
    size = max(1, min(most, -(-len(texts) // processes)))
    firsts = range(0, len(texts), size)
    made = each_batch(
        (_slice(engine.answers, first, size) for first in firsts),
        "sendthemes.coding.processes:hits_batch",
        settings,
        min(processes, max(1, len(firsts))),
    )
    parts: list[Found] = []
    with tqdm(total=len(texts), unit=" answers", disable=not progress) as bar:
        for first, batch in zip(firsts, made, strict=True):
            found = Found(*(column.to_numpy(zero_copy_only=False) for column in batch.columns))
            parts.append(found._replace(answer=found.answer + np.int32(first)))
            bar.update(min(size, len(texts) - first))
    if parts:
        engine.take_all(labels, Found(*(np.concatenate(column) for column in zip(*parts, strict=True))))


def hits_batch(batch: pyarrow.RecordBatch, settings: Settings) -> pyarrow.RecordBatch:
    """Find every entry of the codebook in a batch of ``text`` (UTF-8) and ``question`` (its place).

    Returns:
        One row a hit: the columns of ``Found``; answer is the place in the batch, entry the place among the
        sorted labels.
    """
    import pyarrow

    texts = [text.decode("utf-8", "surrogatepass") for text in batch.column("text").to_pylist()]
    asked = batch.column("question").to_pylist()
    places = range(len(texts))
    names = [str(place) for place in places]
    answers = Answers(tuple(names), settings.questions, names, places, asked, texts)
    engine = Engine(answers, in_context=settings.lemmas == "in_context", cache=settings.cache)
    found = engine.all_found(engine.prepare(settings.codebook))
    engine.keep()
    return pyarrow.RecordBatch.from_arrays([pyarrow.array(column) for column in found], names=found._fields)


def _slice(answers: Answers, first: int, size: int) -> pyarrow.RecordBatch:
    import pyarrow

    texts = [text.encode("utf-8", "surrogatepass") for text in answers.texts[first : first + size]]
    asked = list(answers.answer_questions[first : first + size])
    columns = [pyarrow.array(texts, pyarrow.large_binary()), pyarrow.array(asked, pyarrow.int32())]
    return pyarrow.RecordBatch.from_arrays(columns, names=["text", "question"])


class _Worker:
    """One process that does one task on batch after batch."""

    def __init__(self, task: str, settings: Settings) -> None:
        paths = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from sendthemes.coding.processes import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": paths},
        )
        self._settings = json.dumps([task, settings.to_json()]).encode()
        self._told = False

    def __enter__(self) -> _Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # what was still to be sent has no reader
                    pipe.close()

    def kill(self) -> None:
        """End the process; it holds nothing that must be saved."""
        self._process.kill()

    def call(self, batch: pyarrow.RecordBatch) -> pyarrow.RecordBatch:
        """Let the worker do its task on a batch."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            if not self._told:
                _send(stdin, self._settings)
                self._told = True
            _send(stdin, _written(batch))
            well, content = _receive(stdout)
        except (EOFError, BrokenPipeError):
            ended = self._process.wait()
            raise SendThemesError(
                Problem(
                    f"A worker process ended before its work was done (exit code {ended}).",
                    remedy="What it said stands above; if nothing, memory may have run out: take fewer.",
                    code="worker-ended",
                )
            ) from None
        if well:
            return _read(content)
        kind, problems = json.loads(content)
        raise getattr(errors, kind)([Problem(*each) for each in problems])


def serve() -> None:
    """Work for the process that started this one, until its end of the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller says when to stop
    source, target = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anything prints must not come between the batches
    try:
        task, settings = json.loads(_receive(source)[1])
        function, given = _function(task), Settings.from_json(settings)
        while True:
            batch = _read(_receive(source)[1])
            try:
                _send(target, _written(function(batch, given)))
            except SendThemesError as fault:
                problems = [(each.message, each.where, each.remedy, each.code) for each in fault.problems]
                _send(target, json.dumps([type(fault).__name__, problems]).encode(), well=False)
    except (EOFError, BrokenPipeError):
        return


def _function(task: str) -> Any:
    module, name = task.split(":")
    return getattr(import_module(module), name)


def _send(pipe: IO[bytes], content: bytes, *, well: bool = True) -> None:
    pipe.write(_HEAD.pack(well, len(content)))
    pipe.write(content)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> tuple[bool, bytes]:
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise EOFError
    well, size = _HEAD.unpack(head)
    content = pipe.read(size)
    if len(content) < size:
        raise EOFError
    return well, content


def _written(batch: pyarrow.RecordBatch) -> bytes:
    import pyarrow

    out = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(out, batch.schema) as stream:
        stream.write_batch(batch)
    written: bytes = out.getvalue().to_pybytes()
    return written


def _read(content: bytes) -> pyarrow.RecordBatch:
    import pyarrow

    return pyarrow.ipc.open_stream(content).read_next_batch()


def _tuples(value: Any) -> Any:
    return tuple(_tuples(each) for each in value) if isinstance(value, list) else value
