// npm run rooms [-- folder]: how a tree of TypeScript is divided: rooms (folders), arrows (one imports another), circles.
// Reads text only, so it works on any checkout, e.g. an older one: npm run rooms -- ../older/src
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

const root = process.argv[2] ?? "src";
const files = readdirSync(root, { recursive: true })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".ts"))
  .sort();
const importsOf = new Map(files.map((file) => [file, importsIn(file)]));

const roomOf = (file) => posix.dirname(file);
const rooms = new Set(files.map(roomOf));
const arrows = new Map([...rooms].map((room) => [room, new Set()]));
for (const [file, targets] of importsOf) {
  for (const target of targets) {
    if (roomOf(target) !== roomOf(file)) arrows.get(roomOf(file)).add(roomOf(target));
  }
}
// a file of the folder itself is a room of its own
const topOf = (file) => file.split("/")[0];
const tops = new Map();
for (const [file, targets] of importsOf) {
  const above = tops.get(topOf(file)) ?? new Set();
  for (const target of targets) if (topOf(target) !== topOf(file)) above.add(topOf(target));
  tops.set(topOf(file), above);
}

print("files", files.length);
print("files directly in the folder", files.filter((file) => !file.includes("/")).length);
print("folders with files", rooms.size);
print("arrows between them", sum(arrows));
print("rooms (first folders, and files of none)", tops.size);
print("arrows between rooms", sum(tops));
print("circles of files", circles(importsOf).length);
for (const circle of circles(importsOf)) console.log(`  ${circle.sort().join(" ")}`);
print("circles of rooms", circles(tops).length);
for (const circle of circles(tops)) console.log(`  ${circle.sort().join(" ")}`);

function importsIn(file) {
  const code = readFileSync(join(root, file), "utf8");
  return [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']+)["']/g)]
    .map(([, specifier]) => posix.join(posix.dirname(file), specifier).replace(/js$/, "ts"))
    .filter((target) => files.includes(target));
}

function sum(graph) {
  return [...graph.values()].reduce((total, targets) => total + targets.size, 0);
}

/** Tarjan's strongly connected components with more than one member. */
function circles(graph) {
  const found = [];
  const order = new Map();
  const lowest = new Map();
  const stack = [];
  const visit = (one) => {
    order.set(one, order.size);
    lowest.set(one, order.get(one));
    stack.push(one);
    for (const next of graph.get(one) ?? []) {
      if (!order.has(next)) {
        visit(next);
        lowest.set(one, Math.min(lowest.get(one), lowest.get(next)));
      } else if (stack.includes(next)) {
        lowest.set(one, Math.min(lowest.get(one), order.get(next)));
      }
    }
    if (lowest.get(one) !== order.get(one)) return;
    const circle = stack.splice(stack.indexOf(one));
    if (circle.length > 1) found.push(circle);
  };
  for (const one of graph.keys()) if (!order.has(one)) visit(one);
  return found;
}

function print(what, number) {
  console.log(`${String(number).padStart(6)}  ${what}`);
}
