"""The servers of a run: started on free ports, awaited until ready, ended by pid however the run ends."""
import os
import random
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import tools

POLL_SECONDS = 0.05


class Processes:
    """Context manager; leaving it ends what was started, newest first, and removes the temporary folders."""

    def __init__(self, folder):
        self.logs = folder / 'logs'
        self.running = []       # (name, process)
        self.folders = []
        self.commands = {}      # name → the command, without folders of this machine
        self.watched = set()    # pids whose CPU time is ours: the servers, and gateways of --add

    def __enter__(self):
        self.logs.mkdir(parents=True)
        return self

    def __exit__(self, *_):
        for name, process in reversed(self.running):
            end(process)
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)

    def empty_folder(self):
        folder = Path(tempfile.mkdtemp(prefix='mehari-bench-'))
        folder.chmod(0o755)     # nginx's workers run as another user
        self.folders.append(folder)
        return folder

    def start(self, name, command, ready, folder, environment=None, seconds=60, poll_seconds=POLL_SECONDS):
        """Starts `command` in `folder` and waits until GET `ready` answers 200. Returns its pid."""
        log = self.logs / f'{name}.log'
        with open(log, 'w') as output:
            process = subprocess.Popen([str(part) for part in command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                       stdout=output, stderr=output, start_new_session=True)
        self.running.append((name, process))
        self.watched.add(process.pid)
        self.commands[name] = self.tidy(command)
        waiting_ends = time.monotonic() + seconds
        while not answers(ready):
            if process.poll() is not None or time.monotonic() > waiting_ends:
                why = f'ended with {process.returncode}' if process.poll() is not None else f'did not answer {ready} within {seconds} s'
                tail = ''.join(log.read_text(errors='replace').splitlines(keepends=True)[-30:])
                raise tools.CannotRun(f'{name} {why}; the end of its log:\n{tail}')
            wait(process, poll_seconds)
        return process.pid

    def end(self, pid):
        """Ends one that was started, before the rest."""
        end(next(process for _, process in self.running if process.pid == pid))

    def tidy(self, command):
        """The command as it may be published: no folder of this machine, no key."""
        text = shlex.join(without_secrets([str(part) for part in command]))
        for folder in self.folders:
            text = text.replace(str(folder), 'TMP')
        return text.replace(str(tools.PROJECT) + os.sep, '')


def without_secrets(command):
    hidden = {'--key': 'KEY', '--header': 'HEADER'}
    return [hidden.get(before, part) for before, part in zip(['', *command], command)]


def wait(process, seconds):
    """A short wait that ends at once when the process does."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        pass


def end(process, seconds=20):
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def free_port():
    """Below the ephemeral range, so that no outgoing connection takes it between the choice and the listen."""
    while True:
        port = random.randrange(20_000, 30_000)
        with socket.socket() as attempt:
            try:
                attempt.bind(('127.0.0.1', port))
                return port
            except OSError:
                continue
