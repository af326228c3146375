// Bundle entry of the command line.
import { outliveTerminal } from '../files/ending-signals';
import { runCommandLine } from './command-line';

// Writing to a closed pipe (`repmlp ... | head`) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));
outliveTerminal();
process.exitCode = await runCommandLine(process.argv.slice(2));
