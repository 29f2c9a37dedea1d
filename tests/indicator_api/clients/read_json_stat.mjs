// Read JSON-stat 2.0 from standard input with jsonstat-toolkit; print each cell as its labels and its value.
// Usage: node read_json_stat.mjs <folder with node_modules/jsonstat-toolkit>
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const JSONstat = createRequire(resolve(process.argv[2], "x.js"))("jsonstat-toolkit");
const dataset = JSONstat(JSON.parse(readFileSync(0, "utf8"))).Dataset(0);
const cells = dataset.toTable({ type: "arrobj", content: "id" });
const found = cells.map((cell) => ({ labels: dataset.id.map((dimension) => cell[dimension]), value: cell.value }));
console.log(JSON.stringify(found));
