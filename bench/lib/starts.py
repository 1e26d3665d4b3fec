"""bench/start: from the command to the first answer, and what the idle gateway takes."""
import argparse
import json
import os
import subprocess
import time
import urllib.request
from pathlib import Path
from statistics import median

from . import machine, processes, tools

TAKEN_APART = tools.PROJECT / 'target' / 'mehari'
LAUNCHER = TAKEN_APART / 'bin' / 'mehari'
START, END = '<!-- bench/start: start -->', '<!-- bench/start: end -->'
PUBLISHED = (tools.PROJECT / 'README.md', tools.PROJECT / 'docs' / 'operations.md')

# The model answers at once: what is measured is ours.
QUESTION = json.dumps({'model': 'demo-delay-0', 'messages': [{'role': 'user', 'content': 'hello'}]}).encode()

FIGURES = {
    'ready_s': ('ready', 's', '{:.2f}'), 'cpu_s': ('CPU time until then', 's', '{:.2f}'),
    'first_answer_ms': ('first answer', 'ms', '{:.0f}'), 'rss_mb': ('idle', 'MB', '{:.0f}'),
}


def commands():
    """How it is started, by name: as anybody may, with the options of deploy/, by the launcher with the AOT cache."""
    java = tools.jdk() / 'bin' / 'java'
    return {'java -jar': [java, '-jar', tools.JAR], 'java @deploy/jvm.options -jar': [java, f'@{tools.JVM_OPTIONS}', '-jar', tools.JAR],
            'bin/mehari, AOT cache': [LAUNCHER]}


def parse():
    p = argparse.ArgumentParser(prog='bench/start', description='Measures start, first answer and idle memory; bench/README.md explains the figures.')
    p.add_argument('--runs', type=int, default=5, help='starts of each kind, in turn (5)')
    p.add_argument('--idle', type=float, default=25, help='seconds after the first answer until memory is read (25)')
    p.add_argument('--no-build', action='store_true', help='takes target/ as it is (mvn -Paot package made it)')
    p.add_argument('--publish', action='store_true', help='writes the table into README.md and docs/operations.md')
    return p.parse_args()


def build(chosen):
    if not chosen.no_build:
        print('building: mvn -q -B -Paot -DskipTests package', flush=True)
        done = subprocess.run(['mvn', '-q', '-B', '-Paot', '-DskipTests', 'package'], cwd=tools.PROJECT, env={**os.environ, 'JAVA_HOME': str(tools.jdk())})
        if done.returncode:
            raise tools.CannotRun('the build failed')
    for needed in (tools.JAR, LAUNCHER, TAKEN_APART / 'mehari.aot'):
        if not needed.is_file():
            raise tools.CannotRun(f'{tools.relative(needed)} is missing: leave out --no-build')


def new_folder():
    folder = tools.BENCH / 'results' / time.strftime('start-%Y%m%d-%H%M%S')
    folder.mkdir(parents=True)
    return folder


def everything(chosen, servers):
    """One start of each kind a round, so that what else the machine does hits all of them."""
    runs = {name: [] for name in commands()}
    for number in range(chosen.runs):
        for name, command in commands().items():
            one = once(name, command, servers, chosen.idle)
            runs[name].append(one)
            print(f'{number + 1}/{chosen.runs} {name}: ' + ', '.join(shown(figure, one[figure]) for figure in FIGURES), flush=True)
    return {'runs': runs, 'date': time.strftime('%Y-%m-%d'), 'cpu': machine.cpu_model(), 'cores': os.cpu_count(),
            'load': round(os.getloadavg()[0], 1), 'jar_mb': megabytes(tools.JAR), 'cache_mb': megabytes(TAKEN_APART / 'mehari.aot')}


def once(name, command, servers, idle):
    """In an empty folder and without any variable of the caller's, as bench/run does it."""
    port = processes.free_port()
    environment = {'PATH': os.environ['PATH'], 'PORT': str(port), 'JAVA_HOME': str(tools.jdk())}
    begun = time.monotonic()
    pid = servers.start(name.split(',')[0].replace('/', '-'), command, f'http://127.0.0.1:{port}/health/ready', servers.empty_folder(), environment, poll_seconds=0.005)
    ready = time.monotonic() - begun
    if 'AOT cache' in name and 'mehari.aot' not in Path(f'/proc/{pid}/maps').read_text():
        raise tools.CannotRun('the AOT cache is not in use: is the jar newer? Leave out --no-build')
    cpu = machine.process_seconds(pid)
    asked = time.monotonic()
    ask(port)
    answered = time.monotonic() - asked
    time.sleep(idle)
    figures = {'ready_s': ready, 'cpu_s': cpu, 'first_answer_ms': 1000 * answered, 'rss_mb': resident_megabytes(pid)}
    servers.end(pid)
    return figures


def ask(port):
    request = urllib.request.Request(f'http://127.0.0.1:{port}/v1/chat/completions', QUESTION, {'content-type': 'application/json'})
    with urllib.request.urlopen(request, timeout=30) as answer:
        content = json.load(answer)['choices'][0]['message']['content']
    if 'demo provider' not in content:
        raise tools.CannotRun(f'the first answer is not one of the demo provider: {content}')


def resident_megabytes(pid):
    line = next(it for it in Path(f'/proc/{pid}/status').read_text().splitlines() if it.startswith('VmRSS'))
    return int(line.split()[1]) / 1024


def megabytes(path):
    return round(path.stat().st_size / 1e6, 1)


def shown(figure, value):
    what, unit, form = FIGURES[figure]
    return f'{what} {form.format(value)} {unit}'


def table(run):
    """Minimum, median and maximum of each figure; a busy machine shows in the last two."""
    head = [f'{what}, {unit}' for what, unit, _ in FIGURES.values()]
    lines = ['| | ' + ' | '.join(head) + ' |', '|---|' + '---|' * len(head)]
    for name, runs in run['runs'].items():
        cells = [' / '.join(form.format(pick(it[figure] for it in runs)) for pick in (min, median, max)) for figure, (_, _, form) in FIGURES.items()]
        lines.append(f'| `{name.split(",")[0]}`{"," + name.partition(",")[2] if "," in name else ""} | ' + ' | '.join(cells) + ' |')
    count = len(next(iter(run['runs'].values())))
    lines.append('')
    lines.append(f'Minimum / median / maximum of {count} starts, {run["date"]}, {run["cores"]} cores ({run["cpu"]}), load {run["load"]}. '
                 f'The jar has {run["jar_mb"]} MB, the AOT cache {run["cache_mb"]} MB.')
    return '\n'.join(lines)


def publish(run):
    for page in PUBLISHED:
        before, marker, rest = page.read_text().partition(START)
        _, end_marker, after = rest.partition(END)
        if not marker or not end_marker:
            raise tools.CannotRun(f'{tools.relative(page)} has lost its marker {START} or {END}')
        page.write_text(f'{before}{START}\n{table(run)}\n{END}{after}')
        print(f'published: the table in {tools.relative(page)}')
