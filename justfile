# Everyday commands. `just` lists them. You can also type each command yourself.
# https://just.systems

# Lists the commands
default:
    @just --list

# Starts a demonstration office at http://127.0.0.1:8080
demo *options:
    cargo run -- demo {{ options }}

# Checks everything, like continuous integration
check:
    tests/run

# Formats the code and runs the lints
lint:
    cargo fmt --all
    cargo clippy --workspace --all-targets --locked -- --deny warnings

# Runs the end-to-end tests whose names contain the word, on SQLite
test word="":
    cargo test -p memoranda-tests --test e2e -- {{ word }}

# The same on the PostgreSQL server at that address; each test creates its own database there
test-postgres url word="":
    MEMORANDA_TEST_POSTGRES_URL={{ url }} cargo test -p memoranda-tests --test e2e -- {{ word }}

# Accepts new snapshots of tables and texts; review them with git diff
snapshots word="":
    INSTA_UPDATE=always cargo test -p service -- {{ word }}
    INSTA_UPDATE=always cargo test -p memoranda-tests --test e2e -- {{ word }}

# Regenerates the schema, the page of settings and the two pages
generate:
    cargo run --quiet -- schema > schema.graphql
    cargo run --quiet -- settings reference > docs/settings.md
    api/graphiql/build
    api/desk/build

# Takes the picture of the deletion dialog for the README from the running demonstration
picture:
    cargo build -p api
    tests/browser/picture.mjs

# Does what a newcomer does, from git clone to a restored memo, and says how long each step takes
newcomer:
    tests/browser/newcomer.mjs

# Measures throughput, latency and processor time; --help lists the options
bench *options:
    cargo run --release -p memoranda-bench -- {{ options }}

# Counts the instructions of requests, like continuous integration; --accept takes the new numbers
instructions *options:
    cargo build --workspace --bins
    target/debug/memoranda-bench instructions {{ options }}

# The same of the optimized program; it keeps its numbers in the file
instructions-optimized file="target/instructions.toml" *options:
    cargo run --profile counted -p memoranda-bench -- instructions --file {{ file }} {{ options }}

# Injects faults while people work; before a release, run it longer and with another seed
faults minutes="2" seed="1":
    cargo build
    cargo run -p memoranda-tests --bin memoranda-faults -- --minutes {{ minutes }} --seed {{ seed }}
