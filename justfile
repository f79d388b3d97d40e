# Everyday commands. `just` lists them; each is a line that can be typed as well.
# https://just.systems

# Lists the commands
default:
    @just --list

# Starts a demonstration office at http://127.0.0.1:8080
demo *options:
    cargo run -- demo {{ options }}

# Checks everything, as continuous integration does
check:
    tests/run

# Formats, and runs the lints
lint:
    cargo fmt --all
    cargo clippy --workspace --all-targets --locked -- --deny warnings

# Runs the end-to-end tests whose names contain the word, on SQLite
test word="":
    cargo test -p memoranda-tests --test e2e -- {{ word }}

# The same on the PostgreSQL at that address: each test makes a database of its own there
test-postgres url word="":
    MEMORANDA_TEST_POSTGRES_URL={{ url }} cargo test -p memoranda-tests --test e2e -- {{ word }}

# Accepts the tables and texts that tests hold against committed ones; review them with git diff
snapshots word="":
    INSTA_UPDATE=always cargo test -p service -- {{ word }}
    INSTA_UPDATE=always cargo test -p memoranda-tests --test e2e -- {{ word }}

# Makes again what is generated: the schema, the page of settings and the page with GraphiQL
generate:
    cargo run --quiet -- schema > schema.graphql
    cargo run --quiet -- settings reference > docs/settings.md
    api/graphiql/build

# Measures throughput, latency and processor time; --help says what else
bench *options:
    cargo run --release -p memoranda-tests --bin memoranda-bench -- {{ options }}

# Breaks what servers stand on while people work; for release days, longer and with another seed
faults minutes="2" seed="1":
    cargo build
    cargo run -p memoranda-tests --bin memoranda-faults -- --minutes {{ minutes }} --seed {{ seed }}
