import { expressionEngineContract } from '../../contract/expression-engine.js';
import { celJs } from './dialect.js';

expressionEngineContract(celJs);
