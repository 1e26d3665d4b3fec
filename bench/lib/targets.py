"""What is measured: the upstream itself, nginx, the gateway, and gateways that run already."""
import hashlib
import json
import os
import shlex
import urllib.request
from dataclasses import dataclass
from string import Template
from typing import Optional

from . import machine, scenarios, tools
from .processes import answers, free_port

BENCH_KEY = 'sk-mehari-bench-0123456789abcdef'


@dataclass(frozen=True)
class Target:
    name: str
    url: str                        # of chat completions
    pid: Optional[int] = None       # None: nothing stands between generator and upstream
    key: str = BENCH_KEY
    headers: tuple = ()
    warms_up: bool = False          # a gateway that wants mixed load before the first round


@dataclass(frozen=True)
class Mock:
    port: int
    pid: int

    def open_calls(self):
        with urllib.request.urlopen(f'http://127.0.0.1:{self.port}/stats', timeout=5) as answer:
            return json.load(answer)['active']


def start(chosen, folder, processes):
    """Starts everything; returns the mock upstream and the targets in the order asked for."""
    port = chosen.mock_port or free_port()
    if answers(f'http://127.0.0.1:{port}/health'):
        raise tools.CannotRun(f'port {port} is taken: choose another with --mock-port')
    binary = tools.BUILT / 'mock'
    mock = Mock(port, processes.start('mock', [binary, '-p', port], f'http://127.0.0.1:{port}/health', tools.PROJECT, seconds=10))
    starters = {'direct': direct, 'nginx': nginx, 'mehari': mehari, 'mehari-bare': bare, 'mehari-all': everything}
    return mock, [starters[name](chosen, mock, folder, processes) for name in chosen.targets] + [added(it, processes) for it in chosen.add]


def chat_url(port):
    return f'http://127.0.0.1:{port}/v1/chat/completions'


def direct(chosen, mock, folder, processes):
    return Target('direct', chat_url(mock.port))


def nginx(chosen, mock, folder, processes):
    port, place = free_port(), processes.empty_folder()
    template = Template((tools.BENCH / 'nginx.conf').read_text().replace('the $NAMES', 'the names'))
    # each idle stream takes two connections of a worker; their table is memory, so it is large only when it is needed
    connections = 2 * scenarios.IDLE + 1000 if 'idle-10k' in chosen.scenarios else 8192
    filled = template.substitute(PORT=port, MOCK_PORT=mock.port, FILES=machine.raise_file_limit(), CONNECTIONS=connections)
    (place / 'nginx.conf').write_text(filled)
    command = [tools.nginx(), '-p', place, '-e', 'nginx.err', '-c', place / 'nginx.conf', '-g', 'daemon off;']
    return Target('nginx', chat_url(port), processes.start('nginx', command, f'http://127.0.0.1:{port}/health', place, seconds=10))


def mehari(chosen, mock, folder, processes):
    """As shipped, with one plain key: metrics, percentiles, a logged row and a line for each call; neither limits nor traces."""
    return gateway('mehari', chosen, mock, folder, processes, {'MEHARI_API_KEYS': BENCH_KEY}, {})


def bare(chosen, mock, folder, processes):
    """Without rows, lines and percentiles (meters cannot be turned off): what observing costs is the difference."""
    return gateway('mehari-bare', chosen, mock, folder, processes, {'MEHARI_API_KEYS': BENCH_KEY}, {
        'metrics': {'latency': False}, 'request-log': {'enabled': False}}, {'logging.level.dev.mehari.calls': 'off'})


def everything(chosen, mock, folder, processes):
    """All that can be on: limits and budgets of key and team, prices, the answer cache looked into and filled, and traces."""
    key = {'name': 'bench', 'team': 'bench', 'key-hash': f'sha256:{hashlib.sha256(BENCH_KEY.encode()).hexdigest()}', 'rpm': 100_000_000,
           'tpm': 2_000_000_000, 'concurrency': 100_000, 'budget': 1_000_000}
    return gateway('mehari-all', chosen, mock, folder, processes, {'OTEL_EXPORTER_OTLP_ENDPOINT': f'http://127.0.0.1:{mock.port}'}, {
        'keys': {'list': [key], 'teams': [{'name': 'bench', 'budget': 1_000_000}]},
        'prices': [{'provider': name, 'models': ['*'], 'price': {'input': 0.001, 'output': 0.001}} for name in scenarios.GROUP_PROVIDERS],
        'cache': {'enabled': True, 'mode': 'all'}})


def gateway(name, chosen, mock, folder, processes, variables, settings, others=()):
    """The jar in an empty folder, so that its own routes and settings are used, and with no variable of the caller's."""
    port, place = free_port(), processes.empty_folder()
    environment = {it: os.environ[it] for it in ('PATH', 'HOME', 'LANG', 'TMPDIR') if it in os.environ}
    environment.update(PORT=str(port), OPENAI_BASE_URL=f'http://127.0.0.1:{mock.port}/v1', OPENAI_API_KEY='sk-upstream', PROVIDER_NAME='openai',
                       SPRING_APPLICATION_JSON=json.dumps({'mehari': {**groups(mock), **settings}, **dict(others)}), **variables)
    command = [tools.jdk() / 'bin' / 'java', f'@{tools.JVM_OPTIONS}', *shlex.split(chosen.jvm), *recording(chosen, folder, name), '-jar', tools.JAR]
    pid = processes.start(name, command, f'http://127.0.0.1:{port}/health/ready', place, environment)
    return Target(name, chat_url(port), pid, warms_up=True)


def groups(mock):
    """The model groups of the scenarios, and the further providers they need, as settings."""
    upstream = f'http://127.0.0.1:{mock.port}/v1'
    return {
        'cache': {'models': [{'name': f'openai/{model}', 'mode': 'all'} for model in scenarios.CACHED]},
        'providers': {name: {'base-url': upstream} for name in scenarios.GROUP_PROVIDERS if name != 'openai'},
        'models': [{'name': group, 'deployments': [{'provider': provider, 'model': model} for provider, model in zip(scenarios.GROUP_PROVIDERS, models)]}
                   for group, models in scenarios.GROUPS.items()]}


def recording(chosen, folder, name):
    """JFR from start to end with CPU-time samples (JDK 25); written when the gateway is ended."""
    if not chosen.profile:
        return []
    return [f'-XX:StartFlightRecording=filename={folder / f"{name}.jfr"},settings=profile,dumponexit=true,'
            'jdk.CPUTimeSample#enabled=true,jdk.CPUTimeSample#throttle=10ms', '-Xlog:jfr+startup=error']


def added(it, processes):
    key, headers = BENCH_KEY, ()
    header = it['header']
    if header and header.lower().startswith('authorization: bearer '):
        key = header.split(None, 2)[2]  # the generator sends one Authorization header of its own
    elif header:
        headers = (header,)
    processes.watched.add(it['pid'])
    processes.commands[it['name']] = f'running already, at {it["url"]}'
    return Target(it['name'], it['url'], it['pid'], key, headers, warms_up=True)
