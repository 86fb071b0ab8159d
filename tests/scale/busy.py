"""People who write over HTTP, each in a thread: `python -m tests.scale.busy` in the client's namespace.

Each sends one save until it is acknowledged, as the pages do, then the next. The first line of the input
names them; the output has a line for each answer. The end of the input ends it.
"""

import contextlib
import http.client
import json
import sys
import threading
import time
import urllib.parse
import uuid

TOKEN = "t" * 32
LOST = (OSError, http.client.HTTPException)
# The answers that acknowledge a save.
TAKEN = {"note": {200}, "site": {200, 302}, "patient": {302}}
PAUSE = 0.05
output = threading.Lock()


def say(**line) -> None:
    with output:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


class Person(threading.Thread):
    def __init__(self, address: str, writer: dict, over: threading.Event):
        super().__init__(daemon=True)
        self.address, self.writer, self.over = address, writer, over
        self.version = 0

    def run(self):
        session = f"/sessions/{self.writer['session']}"
        while not self.over.is_set():
            key = str(uuid.uuid4())
            note = {"field": "other_care", "value": key, "client_id": key, "seq": 1}
            answer = self.until_taken(
                "note", key, f"{session}/fields/", {**note, "base_version": self.version}
            )
            self.version = json.loads(answer)["version"] if answer else self.version
            site = {
                "muscle": "GA",
                "side": "both",
                "needle": "0.30x40",
                "technique": "in_out",
                "depth_mm": 20,
            }
            key = str(uuid.uuid4())
            site |= {
                "key": key,
                "client_id": key,
                "seq": 1,
                "insertions": 1,
                "twitches": 0,
                "tissue": "muscle",
            }
            self.until_taken("site", key, f"{session}/sites/", site)
            key = uuid.uuid4().hex
            self.until_taken("patient", key, "/patients/register/", registration(key))

    def until_taken(self, what: str, key: str, path: str, fields: dict) -> str:
        """Sends it until it is acknowledged; nothing where the drill ends before."""
        while True:
            began = time.monotonic()
            status, text = self.send(path, fields)
            is_kept = all(
                urllib.parse.quote(str(value)) in urllib.parse.quote(text) for value in fields.values()
            )
            say(what=what, key=key, status=status, began=began, at=time.monotonic(),
                # the proxy's own page holds nothing and says to go back
                kept=is_kept or "Go back one page" in text,
                words="not available right now" in text, unsure="not known yet" in text,
                text="" if status in {0, 200, 302, 503} else text[:300])  # fmt: skip
            # 200: a patient whose name is alike is there, and the page asks whether it is the same
            if status in {*TAKEN[what], 200} or is_first(status, fields):
                return text
            if self.over.wait(PAUSE):
                return ""

    def send(self, path: str, fields: dict) -> tuple[int, str]:
        headers = {
            "Host": "localhost",
            "Cookie": f"sessionid={self.writer['cookie']}; csrftoken={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": TOKEN})
        with contextlib.closing(http.client.HTTPConnection(self.address, 8000, timeout=20)) as there:
            try:
                there.request("POST", path, body, headers)
                answer = there.getresponse()
                return answer.status, answer.read().decode()
            except LOST:
                return 0, ""


def is_first(status: int, fields: dict) -> bool:
    """Whether this process did not know yet which version of the field stands: now it does."""
    return status == 409 and fields.get("base_version") == 0


def registration(key: str) -> dict[str, str]:
    number = int(key, 16)
    born = f"{number % 12 + 1}/{number % 28 + 1}/{1930 + number % 80}"
    return {"family_name": f"Atonce{key}", "given_name": key[::-1], "born": born, "form_key": key}


def main() -> None:
    asked = json.loads(sys.stdin.readline())
    over = threading.Event()
    people = [Person(asked["address"], writer, over) for writer in asked["writers"]]
    for person in people:
        person.start()
    sys.stdin.read()
    over.set()
    for person in people:
        person.join(30)


if __name__ == "__main__":
    main()
