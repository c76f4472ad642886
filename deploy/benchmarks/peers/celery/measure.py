"""Creates messages, waits until all have arrived, and tells how late they were and what CPU the servers took for them."""

import asyncio
import datetime
import http.client
import json
import os
import subprocess
import sys
import threading
import time

CLIENTS = 32
TEXT = "Your visit is tomorrow at nine. Please be there ten minutes early, and bring the letter of your physician."
TICKS = os.sysconf("SC_CLK_TCK")


class Receiver(asyncio.Protocol):
    arrived = {}
    repeated = 0

    def connection_made(self, transport):
        self.transport = transport
        self.buffer = b""

    def data_received(self, data):
        self.buffer += data
        while True:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self.buffer[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0])
            if len(self.buffer) < end + 4 + length:
                return
            number = json.loads(self.buffer[end + 4 : end + 4 + length])["n"]
            self.buffer = self.buffer[end + 4 + length :]
            if number in Receiver.arrived:
                Receiver.repeated += 1
            else:
                Receiver.arrived[number] = time.time()
            self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def receive(port_of):
    async def serve():
        server = await asyncio.get_running_loop().create_server(Receiver, "127.0.0.1", 0, backlog=1024)
        port_of.append(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def cpu(root):
    """Seconds of a process, of all that descend from it, and of those of them that have ended and were waited for."""
    children = {}
    spent = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                fields = open(f"/proc/{name}/stat").read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(name))
            spent[int(name)] = sum(int(field) for field in fields[11:15])
    total, left = 0, [root]
    while left:
        process = left.pop()
        total += spent.get(process, 0)
        left += children.get(process, [])
    return total / TICKS


def create(port, receiver, messages, due_of):
    """By so many clients; due_of gives a message's instant. Returns the instants, and how long it took."""
    due = [0.0] * messages
    numbers = iter(range(messages))
    lock = threading.Lock()
    failures = []

    def client():
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            due[number] = due_of(number)
            at = datetime.datetime.fromtimestamp(due[number], datetime.timezone.utc).isoformat()
            body = {"url": f"http://127.0.0.1:{receiver}/hooks", "content": {"n": number, "subject": "Your visit", "text": TEXT}, "at": at}
            connection.request("POST", "/messages", json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 201:
                failures.append(text)

    begin = time.time()
    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise SystemExit(f"{len(failures)} were refused, such as {failures[0][:300]}")
    return due, time.time() - begin


def measure(what, servers, port, receiver, messages, due_of, all_delivered):
    Receiver.arrived.clear()
    Receiver.repeated = 0
    before = {name: cpu(process) for name, process in servers.items()}
    due, took = create(port, receiver, messages, due_of)
    deadline = time.time() + 180
    while (len(Receiver.arrived) < messages or not all_delivered()) and time.time() < deadline:
        time.sleep(0.2)
    spent = {name: (cpu(process) - before[name]) * 10_000 / messages for name, process in servers.items()}
    late = sorted((Receiver.arrived[number] - due[number]) * 1000 for number in Receiver.arrived)
    print(
        json.dumps(
            {
                "what": what,
                "messages": messages,
                "created/s": round(messages / took),
                "late ms: p50, p99, max": [round(late[int(len(late) * share)], 1) for share in (0.5, 0.99)] + [round(late[-1], 1)],
                "early": sum(one < 0 for one in late),
                "repeated": Receiver.repeated,
                "missing": messages - len(late),
                "CPU s per 10,000": {**{name: round(seconds, 1) for name, seconds in spent.items()}, "all": round(sum(spent.values()), 1)},
            }
        ),
        flush=True,
    )


def main():
    http_port, postgres_port = int(sys.argv[1]), sys.argv[2]
    servers = dict(zip(("gunicorn", "celery", "redis", "postgres"), map(int, sys.argv[3:7])))
    port_of = []
    threading.Thread(target=receive, args=(port_of,), daemon=True).start()
    while not port_of:
        time.sleep(0.01)

    def all_delivered():
        count = "SELECT count(*) FROM message WHERE status <> 'delivered'"
        return subprocess.run(["psql", "-h", "127.0.0.1", "-p", postgres_port, "-U", "postgres", "-Atc", count], capture_output=True, text=True).stdout.strip() == "0"

    def at_one_instant(after):
        instant = time.time() + after
        return lambda number: instant

    def steady(rate, ahead):
        begin = time.time() + 1

        def due(number):
            turn = begin + number / rate
            time.sleep(max(0, turn - time.time()))
            return turn + ahead

        return due

    common = (servers, http_port, port_of[0])
    measure("warming up", *common, 3000, at_one_instant(15), all_delivered)
    for _ in range(2):
        measure("10,000 at one instant", *common, 10_000, at_one_instant(40), all_delivered)
    measure("200/s, due 5 s later", *common, 6_000, steady(200, 5), all_delivered)


main()
