// A reader's shell: it runs one block after the other, and keeps variables and functions.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The port of the documents. The test's servers listen on another one. */
const DOCUMENTED = /127\.0\.0\.1:8080/g;

export class Shell {
  constructor(folder, scratch, env) {
    this.scratch = scratch;
    this.address = env.MEMORANDA_LISTEN;
    this.count = 0;
    this.bash = spawn("bash", [], {
      cwd: folder,
      env,
      stdio: ["pipe", "inherit", "inherit", "pipe"],
    });
    this.ended = once(this.bash, "exit");
    this.answers = createInterface(this.bash.stdio[3])[Symbol.asyncIterator]();
  }

  /** Runs commands in the shell itself, and returns what they report to it. */
  async report(commands) {
    this.bash.stdin.write(`${commands}\n`);
    const answer = await Promise.race([
      this.answers.next().then(({ value }) => value),
      this.ended.then(() => undefined),
    ]);
    return answer;
  }

  /** Writes a block to a file, and names the files of its output. */
  file(script) {
    this.count += 1;
    const base = join(this.scratch, String(this.count));
    writeFileSync(`${base}.sh`, `${script.replace(DOCUMENTED, this.address)}\n`);
    const read = (kind) => readFileSync(`${base}.${kind}`, "utf8");
    return { base, output: () => read("out"), messages: () => read("err") };
  }

  /** Runs a block. If one of its commands fails, so does the block. */
  async run(script, fails = false) {
    const { base, output, messages } = this.file(script);
    const source = `source ${base}.sh < /dev/null > ${base}.out 2> ${base}.err`;
    if (fails) {
      // Not in this shell, because a failure would end it.
      const status = await this.report(`(set -euo pipefail; ${source}); echo $? >&3`);
      assert.notEqual(status, "0", `it succeeds:\n${script}\n${output()}`);
    } else {
      const status = await this.report(`set -euo pipefail; ${source}; set +eu; echo 0 >&3`);
      assert.equal(status, "0", `it fails:\n${script}\n${output()}${messages()}`);
    }
    return output();
  }

  /** Runs a block that starts a server, and waits until that is ready. */
  async serve(script) {
    assert(!this.server, "a server runs already");
    const { base, output, messages } = this.file(script);
    // In a session of its own, so that all its processes can be ended.
    const start = `setsid bash -euo pipefail ${base}.sh < /dev/null > ${base}.out 2> ${base}.err`;
    this.server = Number(await this.report(`${start} 3>&- & echo $! >&3`));
    const isReady = () =>
      fetch(`http://${this.address}/readyz`).then(
        (answer) => answer.ok,
        () => false,
      );
    while (!(await isReady())) {
      const runs = await this.report(`kill -0 ${this.server} 2> /dev/null; echo $? >&3`);
      assert.equal(runs, "0", `it ends:\n${script}\n${output()}${messages()}`);
    }
  }

  /** Stops the server, and waits for its end. */
  async stop() {
    assert(this.server, "no server runs");
    const { server } = this;
    this.server = undefined;
    await this.report(`kill -TERM -- -${server}; wait ${server}; echo $? >&3`);
  }

  /** Ends the shell, and the server if it still runs. */
  async end() {
    if (this.bash.exitCode === null) {
      if (this.server) await this.stop();
      this.bash.stdin.end();
    } else if (this.server) {
      try {
        process.kill(-this.server, "SIGTERM");
      } catch (problem) {
        assert.equal(problem.code, "ESRCH");
      }
    }
    await this.ended;
  }
}
