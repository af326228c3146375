// `npm run reference`: writes the pages of help that are made of the code.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { referencePages } from './pages';

const folder = join(process.cwd(), 'assets', 'help');
for (const [name, text] of Object.entries(await referencePages((page) => readFileSync(join(folder, page), 'utf8')))) {
  writeFileSync(join(folder, name), text);
  process.stdout.write(`assets/help/${name}: ${text.length} letters\n`);
}
