#!/usr/bin/env node
import { ProgramCall } from './call.js';

const call = new ProgramCall(process);
// What is thrown outside of any command's reach, say by a store's own timer: told like everything else.
process.on('uncaughtException', (error) => {
  void call.tell(error).then((code) => process.exit(code));
});
process.exitCode = await call.run(process.argv.slice(2));
