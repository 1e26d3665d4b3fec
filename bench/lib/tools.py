"""What the bench needs on the machine: compilers, nginx, a JDK, the jar."""
import os
import re
import shutil
import subprocess
from glob import glob
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
PROJECT = BENCH.parent
BUILT = BENCH / 'results' / 'bin'
JAR = PROJECT / 'target' / 'mehari.jar'
JVM_OPTIONS = PROJECT / 'deploy' / 'jvm.options'
JDK_MAJOR = 25


class CannotRun(Exception):
    """Something the bench needs is missing or broken; the message says what to do."""


def relative(path):
    """A path as seen from the project's folder, so that published results name no folder of one machine."""
    return os.path.relpath(path, PROJECT)


def check(chosen):
    """Finds or makes every tool the chosen targets need."""
    if not shutil.which('gcc'):
        raise CannotRun('gcc is missing: apt-get install gcc libc6-dev')
    compile_c('mock', '-pthread')
    compile_c('load', '-lm')
    if 'nginx' in chosen.targets:
        need_nginx()
    if any(name.startswith('mehari') for name in chosen.targets):
        build_jar(chosen)


def compile_c(name, library):
    source, binary = BENCH / f'{name}.c', BUILT / name
    if binary.exists() and binary.stat().st_mtime >= source.stat().st_mtime:
        return
    BUILT.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(['gcc', '-O2', '-o', binary, source, library], check=True)
    except subprocess.CalledProcessError:
        raise CannotRun(f'gcc could not compile {relative(source)}') from None


def nginx():
    return shutil.which('nginx') or shutil.which('nginx', path='/usr/sbin:/usr/local/sbin')


def need_nginx():
    if nginx():
        return
    print('nginx is missing: installing it (apt-get install --no-install-recommends nginx)', flush=True)
    # RUNLEVEL=1 keeps Debian's package from starting its service: we run our own nginx with our own configuration
    apt_get = [*([] if os.geteuid() == 0 else ['sudo', '-n']), 'env', 'RUNLEVEL=1', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq']
    try:
        subprocess.run([*apt_get, 'update'], check=True)
        subprocess.run([*apt_get, 'install', '-y', '--no-install-recommends', 'nginx'], check=True, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        raise CannotRun('nginx could not be installed: install it, or leave it out with --targets direct,mehari') from None
    if not nginx():
        raise CannotRun('nginx was installed but is not on the PATH')


def jdk():
    """The home of a JDK 25 or newer: JAVA_HOME first, then the usual places, the oldest of them."""
    home = Path.home()
    patterns = ['/usr/lib/jvm/*', f'{home}/.sdkman/candidates/java/*', f'{home}/.jdks/*', '/opt/*jdk*', '/opt/java/*']
    found = {place: jdk_major(place) for pattern in patterns for place in glob(pattern)}
    fitting = sorted((place for place in found if found[place] >= JDK_MAJOR), key=found.get)
    given = os.environ.get('JAVA_HOME')
    if given and jdk_major(given) >= JDK_MAJOR:
        return Path(given)
    if fitting:
        return Path(fitting[0])
    raise CannotRun(f'no JDK {JDK_MAJOR} found: set JAVA_HOME')


def jdk_major(home):
    release = Path(home) / 'release'
    version = re.search(r'JAVA_VERSION="(\d+)', release.read_text()) if release.is_file() else None
    return int(version.group(1)) if version and (Path(home) / 'bin' / 'java').exists() else 0


def build_jar(chosen):
    if not chosen.no_build:
        print('building: mvn -q -B -DskipTests package', flush=True)
        built = subprocess.run(['mvn', '-q', '-B', '-DskipTests', 'package'], cwd=PROJECT, env={**os.environ, 'JAVA_HOME': str(jdk())})
        if built.returncode:
            raise CannotRun('the build failed')
    if not JAR.is_file():
        raise CannotRun(f'{relative(JAR)} is missing: leave out --no-build')
