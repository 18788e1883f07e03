import {
  type CelFunc,
  CelScalar,
  celEnv,
  celFunc,
  celMethod,
  isCelError,
  isCelList,
  isCelMap,
  parse,
  plan,
} from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import {
  Budget,
  checkArguments,
  type ExactValue,
  type ExpressionEngine,
  ExpressionEvaluationError,
  ExpressionSyntaxError,
  Float,
  FunctionError,
  type FunctionLibrary,
  type Json,
  type LibraryFunction,
  LimitExceededError,
  type MutableJsonObject,
  type Path,
  type Program,
  setKey,
} from '../../kernel/index.js';

type Expr = NonNullable<ReturnType<typeof parse>['expr']>;

export function celEngine(): ExpressionEngine {
  return { language: 'cel', compile };
}

function compile(source: string, library: FunctionLibrary): Program {
  let budget = new Budget();
  const env = celEnv({
    funcs: [
      ...strings.filter(({ name, arguments: { length } }) => library.get(name)?.parameters.length !== length + 1),
      ...[...library.values()].flatMap((definition) => functionsOf(definition, () => budget)),
    ],
  });
  let expr: Expr;
  try {
    const parsed = parse(source).expr;
    if (parsed === undefined) throw new Error('empty');
    expr = rewrite(parsed);
  } catch (error) {
    throw new ExpressionSyntaxError(error instanceof Error ? error.message : 'syntax error');
  }
  const run = plan(env, expr as Parameters<typeof plan>[1]);
  return {
    source,
    reads: readsOf(expr),
    evaluate: (scope, spending) => {
      budget = spending;
      const bindings: Record<string, never> = {};
      for (const [name, value] of Object.entries(scope)) bindings[name] = toCel(value) as never;
      const result = run(bindings);
      if (isCelError(result)) {
        for (let cause: unknown = result; cause instanceof Error; cause = cause.cause) {
          if (cause instanceof LimitExceededError) throw cause;
        }
        throw new ExpressionEvaluationError(result.message, undefined, { cause: result });
      }
      return toJson(fromCel(result));
    },
  };
}

function functionsOf(definition: LibraryFunction, budget: () => Budget): CelFunc[] {
  const { DYN } = CelScalar;
  const call = (args: readonly unknown[]) => {
    const exact = args.map(fromCel);
    checkArguments(definition, exact);
    const result = (definition.callExact ?? definition.call).call(definition, exact as Json[], budget());
    return toCel(result) as never;
  };
  const types = definition.parameters.map(() => DYN);
  return [
    celFunc(definition.name, types, DYN, (...args) => call(args)),
    celMethod(definition.name, DYN, types.slice(1), DYN, function (...args) {
      return call([this, ...args]);
    }),
  ];
}

function toCel(value: ExactValue): unknown {
  if (value instanceof Float) return value.value;
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toCel);
  if (typeof value === 'object' && value !== null) {
    return new Map(Object.entries(value).map(([key, item]) => [key, toCel(item as ExactValue)]));
  }
  return value;
}

function fromCel(value: unknown): ExactValue {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value === 'number') return Number.isInteger(value) ? new Float(value) : value;
  if (isCelList(value)) return [...value].map(fromCel);
  if (isCelMap(value)) {
    const mapping: MutableJsonObject = {};
    for (const [key, item] of value) setKey(mapping, String(key), fromCel(item) as Json);
    return mapping;
  }
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  throw new FunctionError('the value has no JSON form');
}

function toJson(value: ExactValue): Json {
  if (value instanceof Float) return value.value;
  if (typeof value === 'bigint') throw new ExpressionEvaluationError('the result holds an integer beyond 2^53 - 1');
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value as Json;
  const object: MutableJsonObject = {};
  for (const [key, item] of Object.entries(value)) setKey(object, key, toJson(item as ExactValue));
  return object;
}

function rewrite(expr: Expr): Expr {
  const kind = expr.exprKind;
  if (kind.case === 'callExpr') {
    const call = kind.value;
    const index = call.args[0]?.exprKind;
    if (call.function === 'has' && index?.case === 'callExpr' && index.value.function === '_[_]') {
      const [operand, key] = index.value.args;
      if (
        operand !== undefined &&
        key?.exprKind.case === 'constExpr' &&
        key.exprKind.value.constantKind.case === 'stringValue'
      ) {
        const field = key.exprKind.value.constantKind.value;
        const select = { $typeName: 'cel.expr.Expr.Select', operand: rewrite(operand), field, testOnly: true } as const;
        return { ...expr, exprKind: { case: 'selectExpr', value: select } };
      }
    }
    const [accu, item, init, step] = call.args;
    if (
      call.function === 'reduce' &&
      call.target !== undefined &&
      accu?.exprKind.case === 'identExpr' &&
      item?.exprKind.case === 'identExpr' &&
      init !== undefined &&
      step !== undefined
    ) {
      const yes = { $typeName: 'cel.expr.Constant', constantKind: { case: 'boolValue', value: true } } as const;
      return {
        ...expr,
        exprKind: {
          case: 'comprehensionExpr',
          value: {
            $typeName: 'cel.expr.Expr.Comprehension',
            accuVar: accu.exprKind.value.name,
            accuInit: rewrite(init),
            iterVar: item.exprKind.value.name,
            iterVar2: '',
            iterRange: rewrite(call.target),
            loopCondition: { $typeName: 'cel.expr.Expr', id: expr.id, exprKind: { case: 'constExpr', value: yes } },
            loopStep: rewrite(step),
            result: accu,
          },
        },
      };
    }
  }
  for (const child of children(expr)) Object.assign(child, rewrite(child));
  return expr;
}

function children(expr: Expr): Expr[] {
  const kind = expr.exprKind;
  const all = (() => {
    switch (kind.case) {
      case 'callExpr':
        return [kind.value.target, ...kind.value.args];
      case 'selectExpr':
        return [kind.value.operand];
      case 'listExpr':
        return kind.value.elements;
      case 'structExpr':
        return kind.value.entries.flatMap((entry) => [
          entry.keyKind.case === 'mapKey' ? entry.keyKind.value : undefined,
          entry.value,
        ]);
      case 'comprehensionExpr': {
        const { iterRange, accuInit, loopCondition, loopStep, result } = kind.value;
        return [iterRange, accuInit, loopCondition, loopStep, result];
      }
      default:
        return [];
    }
  })();
  return all.filter((child) => child !== undefined);
}

function readsOf(expr: Expr): Path[] {
  const reads = new Map<string, Path>();
  const visit = (node: Expr, bound: ReadonlySet<string>): void => {
    const path = pathOf(node, bound, visit);
    if (path !== undefined) {
      if (path.length > 0) reads.set(JSON.stringify(path), path);
      return;
    }
    const kind = node.exprKind;
    if (kind.case === 'comprehensionExpr') {
      const { iterRange, accuInit, iterVar, accuVar, loopCondition, loopStep, result } = kind.value;
      const inner = new Set([...bound, iterVar, accuVar]);
      for (const outside of [iterRange, accuInit]) if (outside !== undefined) visit(outside, bound);
      for (const inside of [loopCondition, loopStep, result]) if (inside !== undefined) visit(inside, inner);
    } else for (const child of children(node)) visit(child, bound);
  };
  visit(expr, new Set());
  return [...reads.values()];
}

function pathOf(
  node: Expr,
  bound: ReadonlySet<string>,
  visit: (node: Expr, bound: ReadonlySet<string>) => void,
): (string | number)[] | undefined {
  const kind = node.exprKind;
  if (kind.case === 'identExpr') return bound.has(kind.value.name) ? [] : [kind.value.name];
  if (kind.case === 'selectExpr' && kind.value.operand !== undefined) {
    const path = pathOf(kind.value.operand, bound, visit);
    return path === undefined || path.length === 0 ? path : [...path, kind.value.field];
  }
  return undefined;
}
