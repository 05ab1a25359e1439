"""What happens, counted, as Prometheus reads it. Labels are the program's own words: nobody who asks can add one."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request as Incoming
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from rag.abstaining.reasons import Why
from rag.understanding.kinds import Kind
from ui.observing import Event, Observer, Question, Request, Sync, Upload
from ui.readiness import Readiness

METRICS = "/metrics"
"""Where they are read."""

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 2, 3.5, 5, 10, 20, 30, 60)
_KINDS = {*Kind, "bibliographic", ""}
_WHY = {*Why, ""}
_KEPT = ("added", "changed", "renamed", "removed", "reread")  # what became of files that a sync took in
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_AFAR = (
    "Metrics are given to programs on this machine, and not through a proxy. For others, start the page with "
    "--auth-file and send a name and password with each request.\n"
)


class Metrics:
    """Counts what it is told, in a registry of its own.

    Args:
        observer: Tells it, and knows how many questions wait.
    """

    def __init__(self, observer: Observer) -> None:
        self.registry = own = CollectorRegistry()
        self._questions = Counter(
            "pincite_questions", "Questions worked on.", ("by", "outcome", "kind", "why"), registry=own
        )
        self._seconds = Histogram(
            "pincite_question_seconds", "Seconds that a question took.", ("by",), buckets=_SECONDS, registry=own
        )
        self._sentences = Counter(
            "pincite_model_sentences", "Sentences that a language model wrote.", ("outcome",), registry=own
        )
        self._tokens = Counter(
            "pincite_model_tokens", "Tokens of a language model, as its provider counts them.", ("use",), registry=own
        )
        self._syncs = Counter("pincite_syncs", "Syncs of the index.", ("outcome",), registry=own)
        self._files = Counter("pincite_sync_files", "Files that syncs took in.", ("outcome",), registry=own)
        self._skipped = Gauge("pincite_files_skipped", "Files that the last sync could not read.", registry=own)
        self._uploads = Counter("pincite_uploads", "Files sent to the Library.", ("outcome",), registry=own)
        self._requests = Counter("pincite_http_requests", "Requests answered.", ("route", "status"), registry=own)
        shelf = ("documents", "passages", "sentences", "generation")
        self._shelf = {one: Gauge(f"pincite_{one}", _SHELF[one], registry=own) for one in shelf}
        self._ready = Gauge("pincite_ready", "1 if questions can be answered.", registry=own)
        own.register(_Waiting(observer))
        ProcessCollector(registry=own)

    def __call__(self, event: Event) -> None:
        """Count an event."""
        match event:
            case Question():
                kind = event.kind if event.kind in _KINDS else "other"
                why = event.why if event.why in _WHY else "other"
                self._questions.labels(event.by, event.outcome, kind, why).inc()
                if event.outcome != "stopped":
                    self._seconds.labels(event.by).observe(event.seconds)
                for outcome, count in event.sentences.items():
                    self._sentences.labels(outcome).inc(count)
                for use, count in event.tokens.items():
                    self._tokens.labels(use).inc(count)
            case Sync():
                self._syncs.labels(event.outcome).inc()
                for outcome in _KEPT:
                    self._files.labels(outcome).inc(event.files.get(outcome, 0))
                if event.outcome == "done":
                    self._skipped.set(event.files.get("skipped", 0))
            case Upload():
                self._uploads.labels(event.outcome).inc()
            case Request():
                self._requests.labels(event.route, str(event.status)).inc()

    def route(self, readiness: Readiness, *, guarded: bool) -> Route:
        """The address METRICS.

        Args:
            readiness: Tells what is on the shelf.
            guarded: Whether only those come here who have a password; else only programs of this machine are told.
        """

        async def metrics(request: Incoming) -> Response:
            if not (guarded or _near(request)):
                return PlainTextResponse(_AFAR, 403)
            state = await readiness.state()
            self._ready.set(state.status == "ready")
            for name, gauge in self._shelf.items():
                gauge.set(getattr(state, name) or 0)
            encode, content_type = choose_encoder(request.headers.get("accept", ""))
            return Response(
                encode(_Bare(self.registry)), headers={"Content-Type": content_type, "Cache-Control": "no-store"}
            )

        return Route(METRICS, metrics)


_SHELF = {
    "documents": "Documents on the shelf.",
    "passages": "Passages on the shelf.",
    "sentences": "Sentences on the shelf.",
    "generation": "The generation of the index that answers.",
}


class _Bare(Collector):
    """What a registry holds without the times at which each count began, which are as many again."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterable[Metric]:
        for metric in self._registry.collect():
            metric.samples = [one for one in metric.samples if not one.name.endswith("_created")]
            yield metric


class _Waiting(Collector):
    """How many questions wait, looked at when it is asked."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer

    def collect(self) -> Iterable[Metric]:
        found = GaugeMetricFamily("pincite_questions_waiting", "Questions that wait their turn.", labels=("by",))
        for by, line in self._observer.lines.items():
            found.add_metric((by,), line())
        yield found


def metrics_of(observer: Observer) -> Metrics:
    """What counts the events of an observer; made if there is none."""
    for listener in observer.listeners:
        if isinstance(listener, Metrics):
            return listener
    made = Metrics(observer)
    observer.listeners.append(made)
    return made


def _near(request: Incoming) -> bool:
    """Whether a request comes from this machine itself, as far as can be seen: not by way of a proxy on it."""
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
