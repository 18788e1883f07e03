import {
  createPrepareContext,
  DEFAULT_EVALUATION_LIMITS,
  type EvaluationLimits,
  type Plugin,
  type PrepareContext,
  recordPlugin,
  standardLibrary,
} from '../../kernel/plugin.js';
import { enginePlugins } from '../engine-plugins.js';
import type { Session } from '../session.js';

/** Where an expression is evaluated: nowhere in particular, or as in a deployment. */
export interface Place {
  /** The language of the expression; that of the deployment when it is left out. */
  readonly language?: string;
  /** The configuration of the deployment. */
  readonly config?: string;
}

/** What an expression is evaluated with: languages, functions, and limits. */
export interface Surroundings {
  readonly context: PrepareContext;
  readonly language: string;
  readonly limits: EvaluationLimits;
}

/**
 * What there is at a place. A deployment brings the languages and functions of its plug-ins; what these throw is told on the terminal.
 * @throws ConfigError
 */
export async function surroundingsAt({ cwd, terminal }: Session, { config, language }: Place): Promise<Surroundings> {
  if (config === undefined) return bareSurroundings(language);
  const [{ loadDeployment }, { tellIncidents }] = await Promise.all([
    import('../deployment.js'),
    import('../tell-incidents.js'),
  ]);
  const deployment = await loadDeployment(cwd, { config });
  tellIncidents(terminal, deployment);
  return {
    context: deployment.workbench.context,
    language: language ?? deployment.config.language,
    limits: deployment.config.limits,
  };
}

/** Engines and functions alone: a whole kernel is not to be loaded for one expression. */
function bareSurroundings(language = 'cel'): Surroundings {
  return { context: contextOf(enginePlugins), language, limits: DEFAULT_EVALUATION_LIMITS };
}

function contextOf(plugins: readonly Plugin[]): PrepareContext {
  const recorded = plugins.map((plugin) => recordPlugin(plugin));
  const library = standardLibrary();
  for (const definition of recorded.flatMap((one) => one.function)) library.set(definition.name, definition);
  return createPrepareContext({ engines: recorded.flatMap(({ engine }) => engine), library });
}
