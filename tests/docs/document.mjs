// Reads a document: the shell commands in it, and what it says that they print.
//
// A comment in the document says what the page does not show:
//
//   <!-- test: setup          what the reader has done already
//   commands
//   -->
//   <!-- test: serves         the reader has started a server in another terminal
//   command
//   -->
//   <!-- test: serves -->     the next block starts a server, which runs until the next `stop`
//   <!-- test: stop -->       the reader stops the server here
//   <!-- test: fails -->      the next block fails, as the text says
//   <!-- test: skip: reason -->   the next block is not run

/** A line of a block, without the indentation of the list in which it is. */
const unindented = (line, indentation) =>
  line.startsWith(indentation) ? line.slice(indentation.length) : line;

/** The lines from `start` to the next one that is `end`. */
function until(lines, start, end, what) {
  const length = lines.slice(start).findIndex((line) => line.trim() === end);
  if (length < 0) throw new Error(`line ${start}: ${what} does not end`);
  return lines.slice(start, start + length);
}

/**
 * The steps of a document, in their order. Each has a `line` and a `kind`: `run`, `setup`, `stop`
 * or `skip`. `run` has a script, and may have `serves`, `fails`, and what it `prints`: a `language`
 * and lines.
 */
export function stepsOf(text) {
  const lines = text.split("\n");
  const steps = [];
  let next = {};
  for (let at = 0; at < lines.length; at += 1) {
    const line = at + 1;
    const comment = lines[at].trim().match(/^<!-- test: (\w+)(?:: (.+?))?( -->)?$/);
    const fence = lines[at].match(/^( *)```(\w+)?$/);
    if (/<!-- *test/.test(lines[at]) && !comment) throw new Error(`line ${line}: ${lines[at]}`);
    if (comment) {
      const [, word, reason, ends] = comment;
      if (["setup", "serves"].includes(word) && !reason && !ends) {
        const script = until(lines, at + 1, "-->", "the comment");
        at += script.length + 1;
        steps.push({ kind: "setup", line, script: script.join("\n"), serves: word === "serves" });
      } else if (word === "stop" && !reason && ends) steps.push({ kind: "stop", line });
      else if (["serves", "fails"].includes(word) && !reason && ends) next[word] = true;
      else if (word === "skip" && reason && ends) next.skip = reason;
      else throw new Error(`line ${line}: ${lines[at]} is no comment for the test`);
    } else if (fence) {
      const [, indentation, language] = fence;
      const body = until(lines, at + 1, `\`\`\``, "the block");
      const content = body.map((one) => unindented(one, indentation));
      at += body.length + 1;
      if (language === "sh") {
        const { skip, ...how } = next;
        const step = { line, script: content.join("\n"), end: at, ...how };
        steps.push(skip ? { ...step, kind: "skip", reason: skip } : { ...step, kind: "run" });
        next = {};
      } else if (["text", "json"].includes(language)) {
        const before = steps.at(-1);
        const between = lines.slice((before?.end ?? 0) + 1, line - 1);
        const follows = before?.kind === "run" && between.every((one) => one.trim() === "");
        if (follows) before.prints = { language, lines: content };
      }
    }
  }
  if (Object.keys(next).length > 0) throw new Error(`${Object.keys(next)}: no block follows`);
  return steps;
}

/** What differs from run to run, and what stands for it. */
const VARIES = [
  [/\b[a-z]+(?:_[a-z]+)*_[0-9a-z]{26}\b/g, "ID"],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "UUID"],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d| UTC)?/g, "TIME"],
  [/\b\d{1,2} [A-Z][a-z]+ \d{4} at \d\d:\d\d UTC/g, "TIME"],
  [/\b\d+(?:\.\d+)? (?:B|KiB|MiB|GiB)\b/g, "SIZE"],
  [/(?<![\w-])[\w-]{43}(?![\w-])/g, "TOKEN"],
  [/\bmemoranda \d+\.\d+\.\d+\b/g, "memoranda VERSION"],
];

/** The text without what differs from run to run. */
export const stable = (text) =>
  VARIES.reduce((changed, [pattern, word]) => changed.replace(pattern, word), text).trimEnd();

/**
 * Whether the output is what the document says. A line `…` stands for any lines. JSON is the last
 * thing that the commands print.
 */
export function isAsPrinted({ language, lines }, output) {
  const expected = lines.map(stable);
  const found = stable(output).split("\n").map(stable);
  const matches = (want, have) => {
    if (want.length === 0) return have.length === 0;
    if (want[0] !== "…") return want[0] === have[0] && matches(want.slice(1), have.slice(1));
    return have.some((_, from) => matches(want.slice(1), have.slice(from))) || want.length === 1;
  };
  return matches(language === "json" ? ["…", ...expected] : expected, found);
}
