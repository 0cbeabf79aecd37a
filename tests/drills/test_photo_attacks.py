"""Pictures made to hurt, sent to the served product: its memory holds, others are answered, and no place of shooting is kept."""

from __future__ import annotations

import io
import struct
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pillow_heif
import pytest
from PIL import Image

from home.demo.people import ANNA, PASSWORD
from tests.factories.pets import picture
from tests.server.running import Server, processes_of, running

MEGABYTE = 1024 * 1024
MAY_GROW_BY = 300 * MEGABYTE
PATIENCE_SECONDS = 240


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, first_start: Callable[[Path], Path]) -> Iterator[Server]:
    with running(Server(first_start(tmp_path_factory.mktemp("attacked") / "data"), RATE_LIMIT_SCALE="1000")) as made:
        yield made


@pytest.fixture
def phone(server: Server) -> Iterator[httpx2.Client]:
    """Anna's app, signed in."""
    with httpx2.Client(base_url=f"http://127.0.0.1:{server.port}/api/v1/", timeout=PATIENCE_SECONDS) as client:
        tokens = client.post("auth/token/", json={"email": ANNA, "password": PASSWORD}).json()
        client.headers["Authorization"] = f"Bearer {tokens['access']}"
        yield client


@pytest.fixture
def pet(phone: httpx2.Client) -> int:
    return int(phone.post("pets/", json={"name": "Target", "pet_type": 1}).json()["id"])


class Watch:
    """The memory of the served processes, looked at all the time, against what each had at the start."""

    def __init__(self, data_dir: Path) -> None:
        self.before = {pid: memory(pid) for pid in processes_of(data_dir)}
        self.growth = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(0.01):
            self.growth = max(self.growth, *(memory(pid) - before for pid, before in self.before.items()))


def memory(pid: int) -> int:
    """Resident bytes; a process that is gone has none."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * 4096


class Bystander:
    """Somebody else's phone, which asks for something simple over and over."""

    def __init__(self, url: str) -> None:
        self.statuses: Counter[int] = Counter()
        self.slowest = 0.0
        self._url = url
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> Bystander:
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._ended.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._ended.wait(0.05):
            began = time.monotonic()
            self.statuses[httpx2.get(f"{self._url}/api/v1/pet-types/", timeout=30).status_code] += 1
            self.slowest = max(self.slowest, time.monotonic() - began)


def png(width: int, height: int, rows: int | None = None) -> bytes:
    """A PNG of this size, all black and very small, with all its rows or only the first so many of them."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(1)
    row = bytes(1 + 3 * width)
    data = b"".join(packer.compress(row) for _ in range(height if rows is None else rows)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def encoded(kind: str, size: tuple[int, int], mode: str = "RGB", **options: object) -> bytes:
    if kind == "HEIF":
        options = {"quality": 10, "enc_params": {"preset": "ultrafast"}, **options}
    out = io.BytesIO()
    Image.new(mode, size, "teal").save(out, kind, **options)
    return out.getvalue()


def ten_bits(size: tuple[int, int]) -> bytes:
    """A HEIC that costs most for its size."""
    out = io.BytesIO()
    picture = pillow_heif.from_bytes("RGBA;16", size, bytes(size[0] * size[1] * 8))
    picture.save(out, quality=10, chroma=444, enc_params={"preset": "ultrafast"})
    return out.getvalue()


#: What is sent, and what must be said to it when there is room: (maker, status).
ATTACKS: dict[str, tuple[Callable[[], bytes], int]] = {
    "169-megapixel PNG": (lambda: png(13_000, 13_000), 400),
    "2,500-megapixel PNG": (lambda: png(50_000, 50_000, rows=100), 400),
    "EPS": (lambda: encoded("EPS", (64, 64)), 400),
    "EPS that runs code": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%touch /tmp/owned) (w) file\n", 400),
    "SVG": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 400),
    "GIF with a script": (lambda: encoded("GIF", (64, 64)) + b"<script>alert(1)</script>", 400),
    "JPEG with a script": (lambda: picture(gps=True).getvalue() + b"<script>alert(1)</script>", 400),
    "progressive JPEG of 50 megapixels": (lambda: encoded("JPEG", (8165, 6124), progressive=True), 400),
    "HEIC of 75 megapixels": (lambda: encoded("HEIF", (10_000, 7_500)), 400),
    "HEIC with GPS": (lambda: picture("HEIF", gps=True).getvalue(), 200),
    "JPEG with GPS": (lambda: picture(gps=True).getvalue(), 200),
    "HEIC of 48 megapixels, as phones make it": (lambda: encoded("HEIF", (8064, 6048)), 200),
    "HEIC of 25 megapixels with all its colours": (lambda: encoded("HEIF", (5760, 4320), chroma=444), 200),
    "HEIC of 25 megapixels with alpha": (lambda: encoded("HEIF", (5760, 4320), "RGBA"), 200),
    "HEIC of 25 megapixels with alpha and ten bits": (lambda: ten_bits((5760, 4320)), 400),
    "HEIC of 12 megapixels with alpha and ten bits": (lambda: ten_bits((4000, 3000)), 200),
    "JPEG of 50 megapixels": (lambda: encoded("JPEG", (8165, 6123)), 200),
    "PNG of 25 megapixels": (lambda: png(5_000, 5_000), 200),
    "PNG of 25 megapixels with sixteen bits": (lambda: encoded("PNG", (5_000, 5_000), "I;16"), 200),
    "PNG of 25 megapixels with alpha": (lambda: encoded("PNG", (5_000, 5_000), "RGBA"), 200),
    "PNG of 25 megapixels with a palette": (lambda: encoded("PNG", (5_000, 5_000), "P"), 200),
    "WebP of 16 megapixels": (lambda: encoded("WEBP", (4_000, 4_000), method=0), 200),
    "CMYK JPEG of 50 megapixels": (lambda: encoded("JPEG", (8165, 6123), "CMYK"), 200),
}


@pytest.fixture(scope="module")
def attacks() -> dict[str, bytes]:
    return {name: make() for name, (make, _status) in ATTACKS.items()}


def send(phone: httpx2.Client, pet: int, content: bytes) -> httpx2.Response:
    return phone.patch(f"pets/{pet}/", files={"image": ("photo.jpg", content, "image/jpeg")})


def test_each_alone_is_answered_within_the_memory(server: Server, phone: httpx2.Client, pet: int, attacks: dict[str, bytes]) -> None:
    send(phone, pet, picture().getvalue())
    answered, grown = {}, {}

    for name, content in attacks.items():
        with Watch(server.data_dir) as watch:
            answered[name] = send(phone, pet, content).status_code
        grown[name] = watch.growth // MEGABYTE
        print(f"{name:45} {len(content):9} bytes  {answered[name]}  +{grown[name]} MB")

    assert answered == {name: status for name, (_make, status) in ATTACKS.items()}
    assert max(grown.values()) < MAY_GROW_BY // MEGABYTE, grown
    assert "Traceback" not in server.output()


@pytest.mark.parametrize("kind", ["169-megapixel PNG", "HEIC of 48 megapixels, as phones make it", "PNG of 25 megapixels with alpha"])
def test_twenty_at_once_leave_room_for_others(server: Server, phone: httpx2.Client, pet: int, attacks: dict[str, bytes], kind: str) -> None:
    send(phone, pet, picture().getvalue())

    with (
        Watch(server.data_dir) as watch,
        Bystander(f"http://127.0.0.1:{server.port}") as bystander,
        ThreadPoolExecutor(20) as attackers,
    ):
        statuses = Counter(answer.status_code for answer in attackers.map(lambda _: send(phone, pet, attacks[kind]), range(20)))
        time.sleep(1)

    others = f"others {dict(bystander.statuses)}, slowest {bystander.slowest:.2f} s"
    print(f"20 × {kind}: {dict(statuses)}; {others}; +{watch.growth // MEGABYTE} MB")
    assert set(statuses) <= {ATTACKS[kind][1], 429}
    assert statuses[ATTACKS[kind][1]] >= 1
    assert set(bystander.statuses) == {200}
    assert bystander.statuses[200] >= 5
    assert watch.growth < MAY_GROW_BY
    assert phone.get("pets/").status_code == 200


def test_no_stored_file_says_where_it_was_taken(server: Server, phone: httpx2.Client, pet: int) -> None:
    for kind in ("JPEG", "PNG", "WEBP", "HEIF"):
        assert send(phone, pet, picture(kind, gps=True).getvalue()).status_code == 200

    stored = [path for path in (server.data_dir / "media").rglob("*") if path.is_file()]

    assert [path for path in stored if path.parent.name == "pets"]
    assert [path.name for path in stored if b"SecretPlace" in path.read_bytes()] == []
