# The front door. Every verb installs what it needs (tools/packages.txt), so that a bare Debian 12
# with git and make is enough.

LISTEN ?= 127.0.0.1:8080
DB     ?= build/demo.db
OBJ    := build/obj
MESON  := meson setup --buildtype=debugoptimized

.PHONY: help build run test check soak bench fuzz screens format clean web

help:
	@echo "make build    install what is missing and build build/yimen"
	@echo "make run      build, load the demonstration county, serve on http://$(LISTEN)/"
	@echo "make test     everything that has to hold; ends with N passed, N failed"
	@echo "make check    test, and sanitizers, a second compiler, static analysis, a short fuzz run"
	@echo "make soak     the long random runs"
	@echo "make bench    speed, as ratios against a peer in the same run"
	@echo "make fuzz     two minutes on every parser (TIME=seconds)"
	@echo "make screens  pictures of every page in build/screens, and the README's in docs/screens"
	@echo "make format   clang-format on every source file"
	@echo "make clean    remove build/"

# ---- building ----------------------------------------------------------------------------------

build/.installed-%: tools/packages.txt tools/install
	@mkdir -p build
	@tools/install $*
	@touch $@

web/node_modules/.package-lock.json: web/package-lock.json build/.installed-build
	@cd web && npm ci --silent --no-audit --no-fund
	@touch $@

WEB_SOURCES := $(shell find web/src web/styles web/icons -type f 2>/dev/null) web/build.mjs
TEMPLATES   := $(shell find src -name '*.html' 2>/dev/null)

build/web/.done: web/node_modules/.package-lock.json $(WEB_SOURCES) $(TEMPLATES)
	@cd web && node build.mjs ../build/web
	@touch $@

$(OBJ)/build.ninja: build/.installed-build
	@[ -f $@ ] || $(MESON) $(OBJ) >build/meson.log 2>&1 || { cat build/meson.log; exit 1; }

build: build/.installed-build build/web/.done $(OBJ)/build.ninja
	@ninja -C $(OBJ) src/server/yimen >build/ninja.log 2>&1 || { tail -n 60 build/ninja.log; exit 1; }
	@ln -sf obj/src/server/yimen build/yimen

run: build
	@build/yimen serve --demo --db $(DB) --listen $(LISTEN)

# ---- proving -----------------------------------------------------------------------------------

test: build/.installed-build build/.installed-test build
	@ninja -C $(OBJ) >build/ninja.log 2>&1 || { tail -n 60 build/ninja.log; exit 1; }
	@tests/run

check: build/.installed-check test
	@tests/check

soak: build/.installed-check build
	@tests/soak

bench: build/.installed-bench build/.installed-test build
	@tests/bench/run

fuzz: build/.installed-check
	@tests/fuzz/run $(or $(TIME),120)

screens: build/.installed-test build
	@node tests/style/screens.mjs
	@node tests/style/screens.mjs --readme

format: build/.installed-test
	@find src tests -name '*.[ch]' | xargs clang-format-14 -i

clean:
	@rm -rf build
