import { expressionEngineContract } from '../../contract/expression-engine.js';
import { jsonata } from './dialect.js';

expressionEngineContract(jsonata);
