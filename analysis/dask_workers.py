"""Reading on many machines: a Dask cluster's workers read, this process writes.

The workers need the same Rivalmap installed, nothing else: archived answers and posts travel with
the tasks. What travels is as it was fetched, people's names in it; so the cluster is one's own, on
a network of one's own or behind Dask's TLS (docs/scale.md).
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Self

from analysis.workers import AHEAD, Part, Result, WorkersError

PATIENCE = 60.0
"""Seconds without any worker after which a cluster counts as gone: machines are restarted."""


class DaskWorkers:
    """The workers of a running cluster; a with-statement's.

    A worker that dies is noticed by the scheduler, which gives its parts to others; one that kills
    four workers is given up.

    :param address: the scheduler's, such as ``tcp://10.0.0.5:8786``.
    :param patience: seconds to wait for a worker where there is none.
    :raises WorkersError: where no scheduler answers there, or ``rivalmap[scale]`` is missing.
    """

    shares_files = False

    def __init__(self, address: str, *, patience: float = PATIENCE) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise WorkersError(
                "--dask needs dask.distributed: pip install 'rivalmap[scale]'"
            ) from None
        self._address, self._patience = address, patience
        try:
            client: Any = Client
            self._client = client(address, timeout=min(patience, 10.0), set_as_default=False)
        except (OSError, ValueError) as error:
            raise WorkersError(
                f"no Dask scheduler answers at {address} ({error}). Start one: dask scheduler"
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._client.close()

    def each(
        self, work: Callable[[Part], Result], parts: Iterable[Part]
    ) -> Iterator[tuple[Part, Result]]:
        """Parts are read wherever a worker is free; new workers join in.

        :raises WorkersError: where the cluster is lost, or reads with other rules than ours.
        """
        from distributed import CancelledError, KilledWorker
        from distributed.comm.core import CommClosedError

        source = iter(parts)
        waiting: deque[tuple[Part, Any]] = deque()
        while True:
            room = max(1, self._readers()) * AHEAD - len(waiting)
            for part in islice(source, max(0, room)):
                waiting.append((part, self._client.submit(work, part, pure=False)))
            if not waiting:
                return
            part, future = waiting.popleft()
            try:
                result = self._result(future)
            except ModuleNotFoundError as error:
                raise WorkersError(
                    f"a worker of {self._address} cannot read: {error}. Install this Rivalmap there"
                ) from None
            except KilledWorker:
                raise WorkersError(
                    "a part was given up: the workers that read it died. What was stored stays. Is "
                    "their memory full? Start them with a larger --memory-limit"
                ) from None
            except (CancelledError, CommClosedError):
                raise self._gone() from None
            yield part, result

    def _result(self, future: Any) -> Any:
        """Wait for a part as long as somebody may be reading it."""
        from distributed import TimeoutError as NotYetError

        while True:
            try:
                return future.result(timeout=self._patience)
            except NotYetError:
                if not self._readers():
                    raise WorkersError(
                        f"the Dask cluster at {self._address} has no workers. Start some: dask "
                        f"worker {self._address} --nthreads 1"
                    ) from None

    def _readers(self) -> int:
        """Threads of all workers."""
        told = self._client.scheduler_info(n_workers=-1)
        if "workers" not in told:  # the client has lost its scheduler, and says nothing of it
            raise self._gone()
        return sum(worker["nthreads"] for worker in told["workers"].values())

    def _gone(self) -> WorkersError:
        return WorkersError(
            f"the Dask scheduler at {self._address} is gone. What was stored stays; start again"
        )
