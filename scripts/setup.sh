#!/bin/sh
# Install into the checkout from nothing but Python 3.11 and pip. Each part runs only when its inputs changed.
#   sh scripts/setup.sh        what serving needs
#   sh scripts/setup.sh dev    also what tests and checks need
set -eu
cd "$(dirname "$0")/.."
want=${1:-run}
mkdir -p .stamps

stamp() { cat "$@" | "${PYTHON:-python3}" -c 'import hashlib,sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'; }
fresh() { [ -f ".stamps/$1" ] && [ "$(cat ".stamps/$1")" = "$2" ]; }

if [ ! -x .venv/bin/python ]; then
  rm -f .stamps/*
  for candidate in "${PYTHON:-}" python3.11 python3; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
    "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' && break
  done
  "$candidate" -m venv .venv
fi
[ -x .venv/bin/uv ] || .venv/bin/python -m pip install -q --disable-pip-version-check "uv==0.13.9"
PATH="$PWD/.venv/bin:$PATH"
export PATH

dev=$(stamp requirements-dev.lock pyproject.toml)
run=$(stamp requirements.lock pyproject.toml)
if [ "$want" = dev ] || fresh dev "$dev"; then
  lock=requirements-dev.lock name=dev sum=$dev
else
  lock=requirements.lock name=run sum=$run
fi
if ! fresh "$name" "$sum"; then
  echo "安装依赖 …"
  # A sync removes what the lock does not name, this project included: so first the lock, then the project.
  uv pip sync -q --python .venv/bin/python --require-hashes "$lock"
  uv pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e .
  rm -f .stamps/run .stamps/dev
  echo "$sum" > ".stamps/$name"
fi

front=$(stamp $(find frontend -type f -not -path '*/node_modules/*' | sort))
if ! fresh front "$front" || [ ! -f src/wuxie/web/static/manifest.json ]; then
  echo "构建页面资源 …"
  (cd frontend && npm ci --silent && npm run --silent build)
  echo "$front" > .stamps/front
fi

if ls locale/*/LC_MESSAGES/*.po >/dev/null 2>&1; then
  texts=$(stamp locale/*/LC_MESSAGES/*.po)
  if ! fresh texts "$texts"; then
    pybabel -q compile -D django -d locale
    echo "$texts" > .stamps/texts
  fi
fi
