import type { Command } from 'commander';
export function defineCheck(_verb: Command, _setExit: (code: number) => void): void {}
