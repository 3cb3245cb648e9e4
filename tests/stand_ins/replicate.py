"""Replicate, as far as we use it: predictions that take their time, and outputs that expire.

What a prediction comes to is told with its creation: `tell("/predictions", Fault(told="nsfw"))`, and likewise
`fail`, `bad input`, `aborted`, `canceled`, `removed` (its output is gone), `sound` (it makes one, whatever is
asked for), `loud` (its clip has a sound of its own), `text` (it makes no file), `elsewhere` (its output lies
on a strange host), `never` (it does not end).
"""

import hashlib
import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from tests.stand_ins.media import moving_mp4, still, tone_mp3
from tests.stand_ins.published import agrees, specification
from tests.stand_ins.server import Answer, Call, StandIn, json_answer

_OVER = {"succeeded", "failed", "canceled", "aborted"}
_PROBLEMS = {
    401: ("Unauthenticated", "You did not pass a valid authentication token"),
    402: ("Insufficient credit", "You have insufficient credit to run this model."),
    404: ("Not found", "The requested resource could not be found."),
    429: ("Too many requests", "Request was throttled. Expected available in 1 second."),
}
_ACCOUNT = {"type": "user", "username": "acme", "name": "Acme", "github_url": "https://github.com/acme"}
_FAILURES = {
    "nsfw": "The input or output was flagged as sensitive. Please try again with different inputs. (E005)",
    "fail": "CUDA out of memory. (E001)",
    "bad input": "Invalid input: the audio is empty. (E006)",
}
_MUSIC_S = 8.0
_CLIP_S = 2

CLIP_TONE_HZ = 1_500
"""What a clip sounds like that is told to be `loud`."""


@dataclass(slots=True)
class Prediction:
    key: str
    told: str
    body: dict[str, Any]
    looks: int = 0
    made_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def id(self) -> str:
        return str(self.body["id"])


class ReplicateStandIn(StandIn):
    """Attributes:
    looks: how often a prediction is looked at before it is over.
    canceled: ids of predictions that were called off.
    predict_s: what each prediction takes, as `metrics` say.
    charged_s: the seconds that are charged for, prediction by prediction as they end.
    page_size: of the list of predictions.
    """

    def __init__(self) -> None:
        super().__init__()
        self.looks = 2
        self.canceled: list[str] = []
        self.predict_s = 3.5
        self.charged_s: list[float] = []
        self.page_size = 100
        self.predictions: dict[str, Prediction] = {}
        self.files: dict[str, tuple[bytes, str]] = {}
        self.outputs: dict[str, tuple[bytes, str]] = {}
        self._ids = itertools.count(1)

    def forget(self) -> None:
        super().forget()
        self.canceled.clear()
        self.charged_s.clear()
        self.predictions.clear()
        self.files.clear()
        self.outputs.clear()
        self.looks = 2
        self.page_size = 100

    def refusal(self, status: int, call: Call) -> Answer:  # noqa: ARG002 - worded alike for all
        title, detail = _PROBLEMS.get(status, ("Internal server error", "An internal error occurred"))
        problem = {
            "title": title,
            "detail": detail,
            "status": status,
        }
        return json_answer(problem, status=status)

    async def answer(self, call: Call) -> Answer:
        if call.path.startswith("/delivery/"):
            return self._output(call)
        if not call.key:
            return self.refusal(401, call)
        answer = self._bought(call) if call.method == "POST" else self._told(call)
        return answer or self.refusal(404, call)

    def _bought(self, call: Call) -> Answer | None:
        match call.path.removeprefix("/v1/").split("/"):
            case ["files"]:
                return self._laid_up(call)
            case ["models", owner, name, "predictions"]:
                agrees("replicate", "prediction_request", call.json())
                return self._created(call, f"{owner}/{name}", "hidden")
            case ["predictions"]:
                agrees("replicate", "version_prediction_request", call.json())
                return self._created(call, "someone/something", str(call.json()["version"]))
            case ["predictions", one, "cancel"] if self._is_known(one, call):
                return self._called_off(self.predictions[one])
        return None

    def _told(self, call: Call) -> Answer | None:
        match call.path.removeprefix("/v1/").split("/"):
            case ["account"]:
                agrees("replicate", "account", _ACCOUNT)
                return json_answer(_ACCOUNT)
            case ["files", file_id] if file_id in self.files:
                return json_answer(self._file(file_id))
            case ["predictions"]:
                return self._listed(call)
            case ["predictions", one] if self._is_known(one, call):
                return self._stands(self.predictions[one])
        return None

    def _is_known(self, prediction_id: str, call: Call) -> bool:
        found = self.predictions.get(prediction_id)
        return found is not None and found.key == call.key

    def _created(self, call: Call, model: str, version: str) -> Answer:
        body = call.json()
        if version == "hidden":
            if model not in specification("replicate_models"):
                return self.refusal(404, call)
            wrong = _wrong_input(model, body["input"])
            if wrong is not None:
                return wrong
        one = f"p{next(self._ids):025d}"
        made = Prediction(
            call.key,
            call.told,
            {
                "id": one,
                "model": model,
                "version": version,
                "input": body["input"],
                "logs": "",
                "output": None,
                "data_removed": False,
                "error": None,
                "status": "starting",
                "created_at": _stamp(),
                "urls": {
                    "get": f"{self.url}/v1/predictions/{one}",
                    "cancel": f"{self.url}/v1/predictions/{one}/cancel",
                },
            },
        )
        self.predictions[one] = made
        agrees("replicate", "prediction_response", made.body)
        return json_answer(made.body, status=201, is_paid=True)

    def _stands(self, prediction: Prediction) -> Answer:
        prediction.looks += 1
        body = prediction.body
        if body["status"] not in _OVER and prediction.told != "never":
            if prediction.looks < self.looks:
                body["status"] = "processing"
                body["started_at"] = _stamp()
            else:
                self._end(prediction)
        agrees("replicate", "prediction_response", body)
        return json_answer(body)

    def _end(self, prediction: Prediction) -> None:
        body = prediction.body
        body |= {"completed_at": _stamp(), "metrics": {"predict_time": self.predict_s}}
        match prediction.told:
            case failure if failure in _FAILURES:
                body |= {"status": "failed", "error": _FAILURES[failure]}
            case "aborted" | "canceled":
                body["status"] = prediction.told
            case "removed":
                body |= {"status": "succeeded", "data_removed": True, "input": {}}
            case "text":
                body |= {"status": "succeeded", "output": ["a", "poem"]}
            case "elsewhere":
                body |= {"status": "succeeded", "output": ["http://169.254.169.254/latest/meta-data"]}
            case _:
                output, measured = self._made(prediction)
                body |= {"status": "succeeded", "output": output}
                body["metrics"] |= measured
        self.charged_s.append(self._charged_s(prediction))

    def _charged_s(self, prediction: Prediction) -> float:
        """By the length of the output where that is measured, else by the time that it ran."""
        metrics = prediction.body["metrics"]
        lengths = [value for name, value in metrics.items() if name.endswith("_duration_seconds")]
        is_own = prediction.body["version"] == "hidden"
        if prediction.body["status"] != "succeeded" and is_own:
            return 0.0
        return float(lengths[0] if lengths else metrics["predict_time"])

    def _made(self, prediction: Prediction) -> tuple[Any, dict[str, Any]]:
        """The output, and what is measured of it."""
        model, given = prediction.body["model"], prediction.body["input"]
        width, height = _size(given.get("aspect_ratio", "9:16"))
        if "audio" in model or prediction.told == "sound":
            length_s = min(_MUSIC_S, given.get("duration", _MUSIC_S))
            data, kind = tone_mp3(length_s), "audio/mpeg"
            measured: dict[str, Any] = {"audio_output_duration_seconds": length_s}
        elif "duration" in given or "audio" in given:
            length_s = given.get("duration", _CLIP_S)
            tone_hz = CLIP_TONE_HZ if prediction.told == "loud" else None
            data, kind = moving_mp4(length_s, width, height, sounds_hz=tone_hz), "video/mp4"
            measured = {"video_output_count": 1, "video_output_duration_seconds": length_s}
        else:
            data, kind = still(width, height, given.get("seed", 7) % 65_536, "PNG"), "image/png"
            measured = {"image_count": 1}
        path = f"/delivery/{prediction.id}/output-0"
        self.outputs[path] = (data, kind)
        address = f"{self.url}{path}"
        return [address] if model == "black-forest-labs/flux-schnell" else address, measured

    def _output(self, call: Call) -> Answer:
        if call.path not in self.outputs:
            return self.refusal(404, call)
        data, kind = self.outputs[call.path]
        return Answer(data, content_type=kind)

    def _listed(self, call: Call) -> Answer:
        since = datetime.fromisoformat(call.query.get("created_after", "2000-01-01T00:00:00Z"))
        mine = [each for each in self.predictions.values() if each.key == call.key and each.made_at >= since]
        mine.reverse()
        at = int(call.query.get("cursor", "0"))
        after = at + self.page_size
        query = urlencode(call.query | {"cursor": str(after)})
        page = {
            "previous": None,
            "next": f"{self.url}/v1/predictions?{query}" if after < len(mine) else None,
            "results": [each.body for each in mine[at:after]],
        }
        agrees("replicate", "prediction_list", page)
        return json_answer(page)

    def _called_off(self, prediction: Prediction) -> Answer:
        self.canceled.append(prediction.id)
        if prediction.body["status"] not in _OVER:
            prediction.body |= {"status": "canceled", "completed_at": _stamp()}
        return json_answer(prediction.body)

    def _laid_up(self, call: Call) -> Answer:
        (content,) = call.parts()
        assert content.name == "content"
        file_id = f"f{len(self.files) + 1:025d}"
        self.files[file_id] = (content.data, content.content_type)
        return json_answer(self._file(file_id), status=201)

    def _file(self, file_id: str) -> dict[str, Any]:
        data, content_type = self.files[file_id]
        told = {
            "id": file_id,
            "name": "file",
            "content_type": content_type,
            "size": len(data),
            "etag": "e",
            "checksums": {"sha256": hashlib.sha256(data).hexdigest()},
            "metadata": {},
            "created_at": _stamp(),
            "expires_at": _stamp(),
            "urls": {"get": f"{self.url}/v1/files/{file_id}"},
        }
        agrees("replicate", "file", told)
        return told


def _wrong_input(model: str, given: dict[str, Any]) -> Answer | None:
    for name in specification("replicate_models")[model]["required"]:
        if not given.get(name):
            problem = {
                "title": "Input validation failed",
                "detail": f"- input: {name} is required\n",
                "status": 422,
                "invalid_fields": [{"type": "required", "field": f"input.{name}", "description": "required"}],
            }
            return json_answer(problem, status=422)
    agrees("replicate_models", model, given)
    return None


def _size(aspect_ratio: str) -> tuple[int, int]:
    across, _, down = aspect_ratio.partition(":")
    if not down:
        return 180, 320
    scale = 320 / max(int(across), int(down))
    return round(int(across) * scale / 2) * 2, round(int(down) * scale / 2) * 2


def _stamp() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")
