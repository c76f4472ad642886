// Compiles each dashboard that is named as a value of the type in dashboard.d.ts. Writes what is wrong, a line each, and exits with 3 if anything is.
import { basename, join } from "node:path";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const here = fileURLToPath(new URL(".", import.meta.url));
const files = new Map(
  process.argv.slice(2).map((file) => [
    join(here, basename(file, ".json") + ".ts"),
    `import type { File } from "./dashboard.d.ts";\nexport const dashboard: File = ${readFileSync(file, "utf8")};\n`,
  ]),
);
const options = { strict: true, noEmit: true, skipLibCheck: true, types: [], module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022 };
const host = ts.createCompilerHost(options);
const { readFile, fileExists, getSourceFile } = host;
host.fileExists = (file) => files.has(file) || fileExists(file);
host.readFile = (file) => files.get(file) ?? readFile(file);
host.getSourceFile = (file, target, ...rest) =>
  files.has(file) ? ts.createSourceFile(file, files.get(file), target) : getSourceFile(file, target, ...rest);

const problems = ts.getPreEmitDiagnostics(ts.createProgram([...files.keys()], options, host));
for (const problem of problems) {
  const line = problem.file?.getLineAndCharacterOfPosition(problem.start).line;
  console.log(`${basename(problem.file?.fileName ?? "", ".ts")}:${line}: ${ts.flattenDiagnosticMessageText(problem.messageText, " ")}`);
}
process.exitCode = problems.length === 0 ? 0 : 3;
