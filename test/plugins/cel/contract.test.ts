import { expressionEngineContract } from '../../contract/expression-engine.js';
import { cel } from './dialect.js';

expressionEngineContract(cel);
