"""What is measured, and the targets of the project for it."""
from dataclasses import dataclass

from . import machine


@dataclass(frozen=True)
class Scenario:
    what: str
    load: tuple                     # options of load.c
    lead: float = 2                 # seconds of the same load before the window
    spread: float = 1               # seconds over which the first requests are spread
    stream: bool = False
    held: bool = False              # streams stay open through the window: only memory is of interest
    warms: bool = False             # part of the mixed load that warms a gateway up


def json(what, *load, **more):
    return Scenario(what, (*load, '--unique'), **more)


def stream(in_flight, lead=2, **more):
    what = f'{in_flight:,} stream{"s" if in_flight > 1 else ""} in flight, 50 chunks 20 ms apart, 50 ms to the first'
    return Scenario(what, ('-c', str(in_flight), '--stream', '--model', 'bench-50-20-50', '--unique'), lead=lead, stream=True, **more)


# 10,000, or what the limit of open files lets one proxy process hold: two files a stream, and some of its own.
IDLE = min(10_000, (machine.raise_file_limit() - 500) // 2)
ALL = {
    'json-c1':      json('JSON, 1 in flight', '-c', '1', '--model', 'bench-0-0-50'),
    'json-c32':     json('JSON, 32 in flight', '-c', '32', '--model', 'bench-0-0-50', warms=True),
    'json-c256':    json('JSON, 256 in flight', '-c', '256', '--model', 'bench-0-0-50'),
    'json-r1000':   json('JSON, open loop, 1,000 requests a second, upstream takes 20 ms', '--rate', '1000', '--model', 'bench-20-0-50', spread=0),
    'stream-s1':    stream(1),
    'stream-s100':  stream(100, warms=True),
    'stream-s600':  stream(600, lead=4),
    'stream-s1000': stream(1000, lead=4),
    'stream-burst': Scenario('16 streams in flight, 200 chunks in one burst', ('-c', '16', '--stream', '--model', 'bench-0-0-200', '--unique'), stream=True, warms=True),
    'prompt-100k':  json('JSON, 32 in flight, 100 KB prompt', '-c', '32', '--model', 'bench-0-0-50', '--prompt-bytes', '100000', warms=True),
    'idle-10k':     Scenario(f'{IDLE:,} open streams that had one chunk and then hang', ('-c', str(IDLE), '--hold', '--model', 'idle-50-300'),
                             lead=10, spread=7, stream=True, held=True),
}

# Kept by the gateway's answer cache after the first call (targets.py): the mock is not asked again.
CACHED = ('bench-0-0-50-3', 'bench-0-0-50-4')
ALL['cache-json-c32'] = Scenario('JSON from the answer cache, 32 in flight', ('-c', '32', '--model', CACHED[0]))
ALL['cache-stream-c32'] = Scenario('streams of 50 chunks from the answer cache, 32 in flight', ('-c', '32', '--stream', '--model', CACHED[1]), stream=True)

# Model groups of three deployments at three providers, all of them the mock; in the second one of the three always fails.
# Their names are models of the mock too, so that nothing but the gateway sees a difference.
GROUP_WELL, GROUP_ILL = 'bench-20-0-50-1', 'bench-20-0-50-2'
GROUPS = {GROUP_WELL: (GROUP_WELL,) * 3, GROUP_ILL: (GROUP_ILL, 'err-500', GROUP_ILL)}
GROUP_PROVIDERS = ('openai', 'groq', 'openrouter')
for suffix, group, state in (('well', GROUP_WELL, 'all well'), ('ill', GROUP_ILL, 'one always failing')):
    ALL[f'group-c64-{suffix}'] = json(f'a group of three, {state}: JSON, 64 in flight, upstream takes 20 ms', '-c', '64', '--model', group)
    ALL[f'group-r500-{suffix}'] = json(f'a group of three, {state}: JSON, open loop, 500 requests a second', '--rate', '500', '--model', group, spread=0)


@dataclass(frozen=True)
class Goal:
    """One target of the project: a figure of a scenario must not be above `limit`."""
    what: str
    scenario: str
    figure: str
    limit: float
    unit: str


GOALS = (
    Goal('CPU a request, 32 in flight', 'json-c32', 'cpu_to_nginx', 5, '× nginx'),
    Goal('CPU a chunk, 1,000 streams in flight', 'stream-s1000', 'cpu_to_nginx', 1.6, '× nginx'),
    Goal('latency added at 1 in flight, p50', 'json-c1', 'added_p50_ms', 0.25, 'ms'),
    Goal('latency added at 1 in flight, p99', 'json-c1', 'added_p99_ms', 1.5, 'ms'),
    Goal('time to first token added, 1,000 streams, p50', 'stream-s1000', 'first_token_added_p50_ms', 10, 'ms'),
    Goal('peak memory, 1,000 streams', 'stream-s1000', 'rss_mb', 450, 'MB'),
    Goal(f'peak memory, {IDLE:,} idle streams', 'idle-10k', 'rss_mb', 1200, 'MB'),
)
