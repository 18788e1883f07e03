import type { Has, IndexStep, SelectStep, Step } from '../syntax/expression.js';
import type { Value } from '../values/value.js';
import { accessOperation } from './access.js';
import type { Compiler } from './compiler.js';
import type { Frame, Operation } from './frame.js';
import { fieldOf, itemOf } from './member.js';
import { scalarOperation } from './operation.js';
import { findPath } from './scope-path.js';
import { boundTo, type Variables } from './variables.js';
import { constantPath } from './written-path.js';

type Find = (frame: Frame) => Value | undefined;
type FindMember = (owner: Value, frame: Frame) => Value | undefined;

/**
 * `has(a.b.c)`: whether a member is there. What is before it may be missing too, so that one `has` guards a whole path;
 * only calls and computed indexes in the path can fail.
 */
export function hasOperation(compiler: Compiler, { base, steps, last }: Has, variables?: Variables): Operation {
  const all = [...steps, last];
  const free = base.kind === 'identifier' && boundTo(base, variables) === undefined;
  const path = free ? constantPath(base.name, all) : undefined;
  const calls = 1 + all.findLastIndex((step) => !isMember(step));
  const parts: Operation[] = [];
  let find: Find;
  let done: number;
  if (path !== undefined && calls === 0) {
    find = (frame) => findPath(frame, path);
    done = path.length - 1;
  } else {
    const strict = accessOperation(
      compiler,
      { kind: 'access', at: base.at, base, steps: all.slice(0, calls) },
      variables,
    );
    parts.push(strict);
    find = strict.evaluate;
    done = calls;
  }
  const members = all
    .slice(done)
    .filter(isMember)
    .map((step) => findMember(compiler, step, parts, variables));
  return scalarOperation((frame) => {
    frame.budget.spend(1);
    return follow(find(frame), members, frame);
  }, parts);
}

function follow(start: Value | undefined, members: readonly FindMember[], frame: Frame): boolean {
  let value = start;
  for (const member of members) {
    if (value === undefined) return false;
    value = member(value, frame);
  }
  return value !== undefined;
}

function findMember(
  compiler: Compiler,
  step: SelectStep | IndexStep,
  parts: Operation[],
  variables: Variables | undefined,
): FindMember {
  if (step.kind === 'select') return (owner) => fieldOf(owner, step.field);
  const index = compiler.compile(step.index, variables);
  parts.push(index);
  return (owner, frame) => itemOf(owner, index.evaluate(frame), frame.budget);
}

function isMember(step: Step): step is SelectStep | IndexStep {
  return step.kind === 'select' || step.kind === 'index';
}
