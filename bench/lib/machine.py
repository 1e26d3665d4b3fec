"""The machine: what it is, what it is doing, how many files it lets us open."""
import os
import platform
import resource
import shlex
import subprocess
import sys
import time
from pathlib import Path

from . import tools

TICK = os.sysconf('SC_CLK_TCK')


def raise_file_limit():
    """Open files: the soft limit to the hard one, the hard one to 65,536 where we may. Children inherit it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in (max(hard, 65_536), hard):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, wanted))
            return wanted
        except (ValueError, PermissionError):
            continue
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def busy_seconds():
    """CPU seconds all programs of the machine have used (user, nice, system, interrupts; not stolen ones)."""
    user, nice, system, _idle, _wait, irq, softirq = (int(x) for x in open('/proc/stat').readline().split()[1:8])
    return (user + nice + system + irq + softirq) / TICK


def own_seconds(pids):
    """CPU seconds of these processes, their children and this program."""
    times = os.times()
    return times.user + times.system + sum(process_seconds(pid) for pid in pids)


def process_seconds(pid):
    try:
        fields = Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()
        children = Path(f'/proc/{pid}/task/{pid}/children').read_text().split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / TICK + sum(process_seconds(child) for child in children)


def load_now(pids, seconds=0.4):
    """(cores in use by anybody, cores in use by others than `pids`), measured over `seconds`."""
    start, busy, own = time.monotonic(), busy_seconds(), own_seconds(pids)
    time.sleep(seconds)
    passed = time.monotonic() - start
    busy, own = (busy_seconds() - busy) / passed, (own_seconds(pids) - own) / passed
    return busy, busy - own


def describe(chosen, measured):
    """What a reader of the results wants to know of the machine and the versions."""
    names = {target.name for target in measured}
    return {
        'cpu': cpu_model(), 'cores': os.cpu_count(),
        'memory_gib': round(os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30, 1),
        'kernel': f'{platform.system()} {platform.release()}', 'open_files': resource.getrlimit(resource.RLIMIT_NOFILE)[0],
        'load_average': [round(x, 2) for x in os.getloadavg()],
        'jdk': first_line([tools.jdk() / 'bin' / 'java', '-version']) if any(name.startswith('mehari') for name in names) else None,
        'jvm_options': chosen.jvm, 'nginx': first_line([tools.nginx(), '-v']) if 'nginx' in names else None,
        'python': platform.python_version(), 'gcc': first_line(['gcc', '--version']),
        'git_commit': git_commit(), 'argv': shlex.join(['bench/run', *(without_header(a) for a in sys.argv[1:])]),
    }


def without_header(argument):
    """--add's fourth part holds a key."""
    parts = argument.split(',', 3)
    return ','.join([*parts[:3], 'HEADER']) if len(parts) == 4 and 'http' in parts[1] else argument


def cpu_model():
    for line in open('/proc/cpuinfo'):
        if line.lower().startswith(('model name', 'hardware', 'cpu model')):
            return line.partition(':')[2].strip()
    return platform.machine()


def git_commit():
    def git(*command):
        return subprocess.run(['git', *command], cwd=tools.PROJECT, capture_output=True, text=True).stdout.strip()
    commit = git('rev-parse', '--short=12', 'HEAD')
    # published results change the tree themselves, so bench/ does not count
    return commit and commit + (' with changes' if git('status', '--porcelain', '--', '.', ':!bench') else '')


def first_line(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout.splitlines()[0].strip() if done.stdout else None
