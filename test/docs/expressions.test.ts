import { celEngine } from 'koreo-kernel/plugins/cel';
import { checkExamples, pageText } from '../support/page-examples.js';

checkExamples({
  page: pageText('expressions.md'),
  engine: celEngine(),
  example: /^(.*?)\s+\/\/ (.*)$/,
  moreThan: 80,
});
