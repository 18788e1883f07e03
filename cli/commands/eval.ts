import { Command, Option } from 'commander';
import type { Session } from '../session.js';
import { UsageError } from '../usage-error.js';

interface EvalOptions {
  readonly config?: string;
  readonly input?: string;
  readonly language?: string;
  readonly jsonl?: true;
}

const EXAMPLES = `
The leading \`=\` of expressions in definitions may be left out. The keys of the input are the names in scope.

Examples:
  koreo eval '1 + 1'
  koreo eval '=inputs.name.lower()' --input '{"inputs": {"name": "WEB"}}'
  koreo eval 'orders.map(o, o.total).sum()' --input @shop.json
  koreo eval 'slug(inputs.name, 12)' --config koreo.config.yaml --input '{"inputs": {"name": "Web 1"}}'
  kubectl get deploy web -o json | koreo eval 'spec.replicas' --input @-
  koreo eval --jsonl < expressions.jsonl

With --jsonl every line of standard input is {"expr": "=a + b", "inputs": {"a": 1, "b": 2}}, and every line of
standard output its answer, in the same order: {"ok": 3} or {"error": "…"}.

Exit codes: 0 a value; 1 the expression is wrong or fails; 2 wrong usage. With --jsonl 0 when all lines were answered.`;

/** `koreo eval`: the value of an expression, as JSON. */
export function evalCommand(session: Session): Command {
  return new Command('eval')
    .summary('evaluate an expression')
    .description('Evaluates an expression, with the function library of definitions, and prints the value as JSON.')
    .argument('[expression]', 'the expression; one that begins with `-` goes after `=` or `--`')
    .addOption(new Option('--input <json>', 'the names in scope: a JSON object, @FILE, or @- for standard input'))
    .option('--language <name>', 'the language of the expression (default: that of the configuration, else cel)')
    .option('--config <file>', 'evaluate with the language, plug-ins and limits of this configuration')
    .addOption(new Option('--jsonl', 'answer lines of standard input').conflicts('input'))
    .addHelpText('after', EXAMPLES)
    .action(async (expression: string | undefined, options: EvalOptions) => {
      const { input, jsonl, ...place } = options;
      if (jsonl === true) {
        if (expression !== undefined) throw new UsageError('with --jsonl expressions come from standard input');
        const { evaluateLines } = await import('../evaluation/evaluate-lines.js');
        session.exitCode = await evaluateLines(session, place);
        return;
      }
      if (expression === undefined) throw new UsageError("an expression is missing, such as: koreo eval '1 + 1'");
      const { evaluateOne } = await import('../evaluation/evaluate-one.js');
      session.exitCode = await evaluateOne(session, {
        expression,
        ...place,
        ...(input === undefined ? {} : { input }),
      });
    });
}
