import test from 'ava';
import { componentsInOrder, shortestCycle } from '../../../kernel/model/components.js';
import { formatCycle, orderByNeed } from '../../../kernel/model/dependency-order.js';
import { fc } from '../../support/property.js';

type Graph = Readonly<Record<string, readonly string[]>>;

const NODES = ['a', 'b', 'c', 'd', 'e', 'f'];
const anyGraph: fc.Arbitrary<Graph> = fc.record(
  Object.fromEntries(
    NODES.map((node) => [node, fc.uniqueArray(fc.constantFrom(...NODES, 'outside'), { maxLength: 3 })]),
  ),
);

function reach(graph: Graph, from: string): ReadonlySet<string> {
  const reached = new Set(graph[from] ?? []);
  for (const node of reached) for (const next of graph[node] ?? []) reached.add(next);
  return reached;
}

test('everything comes after what it needs, and else in the order given', (t) => {
  const graph: Graph = { a: ['c'], b: [], c: ['d'], d: [] };
  const { cycles, order } = orderByNeed(['a', 'b', 'c', 'd'], (node) => graph[node] ?? []);
  t.deepEqual(order, ['d', 'c', 'a', 'b']);
  t.deepEqual(cycles, []);
});

test('cycles are told from their first member on', (t) => {
  const graph: Graph = { a: ['b'], b: ['c'], c: ['b'], d: ['d'] };
  const { cycles, order } = orderByNeed(['a', 'b', 'c', 'd'], (node) => graph[node] ?? []);
  t.deepEqual(cycles.map(formatCycle), ['b → c → b', 'd → d']);
  t.deepEqual([...order].sort(), ['a', 'b', 'c', 'd']);
});

test('needs that are no names are ignored', (t) => {
  t.deepEqual(
    orderByNeed(['a'], () => ['x']),
    { order: ['a'], cycles: [] },
  );
});

test('an order of any graph has all names once, and keeps every need that is in no cycle', (t) => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const { cycles, order } = orderByNeed(NODES, (node) => graph[node] ?? []);
      const position = new Map(order.map((node, index) => [node, index]));
      const isCyclic = NODES.some((node) => reach(graph, node).has(node));
      const kept = NODES.every((node) =>
        (graph[node] ?? []).every((need) => {
          if (!NODES.includes(need) || reach(graph, need).has(node)) return true;
          return (position.get(need) ?? -1) < (position.get(node) ?? -1);
        }),
      );
      return (
        order.length === NODES.length && new Set(order).size === NODES.length && kept && isCyclic === cycles.length > 0
      );
    }),
  );
  t.pass();
});

test('components hold the nodes that lead to one another, each after those that it leads to', (t) => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const components = componentsInOrder(NODES, (node) => graph[node] ?? []);
      const indexOf = new Map(
        components.flatMap((members, index) => members.map((member) => [member, index] as const)),
      );
      const all = components.flat();
      if (all.length !== NODES.length || new Set(all).size !== NODES.length) return false;
      return NODES.every((a) =>
        NODES.every((b) => {
          const together = a === b || (reach(graph, a).has(b) && reach(graph, b).has(a));
          if (together !== (indexOf.get(a) === indexOf.get(b))) return false;
          return !reach(graph, a).has(b) || (indexOf.get(b) ?? 0) <= (indexOf.get(a) ?? 0);
        }),
      );
    }),
  );
  t.pass();
});

test('chains longer than the stack is deep are no trouble', (t) => {
  const length = 50_000;
  const names = Array.from({ length }, (_, index) => String(index));
  const next = (name: string): string[] => [String(Number(name) + 1)];
  t.is(componentsInOrder(names, next).length, length);
  t.is(orderByNeed(names, next).order[0], String(length - 1));
});

test('the shortest way back is found, when there is one', (t) => {
  const graph: Graph = { a: ['b', 'c'], b: ['d'], c: ['a', 'd'], d: ['a'], e: ['a'], f: ['f'] };
  const edges = (node: string): readonly string[] => graph[node] ?? [];
  t.deepEqual(shortestCycle('a', edges), ['a', 'c']);
  t.deepEqual(shortestCycle('d', edges), ['d', 'a', 'b']);
  t.deepEqual(shortestCycle('f', edges), ['f']);
  t.is(shortestCycle('e', edges), undefined);
});
