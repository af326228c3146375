// What a bench of kills found: how many there were of each kind, how they ended, and what was lost.

export class Ledger {
  private readonly kills = new Map<string, { killed: number; late: number }>();
  private readonly problems: string[] = [];
  private readonly proofs = new Map<string, number>();

  /** Something was killed; `late`: it had ended before the signal came. */
  killed(kind: string, late = false): void {
    const count = this.kills.get(kind) ?? { killed: 0, late: 0 };
    if (late) count.late++;
    else count.killed++;
    this.kills.set(kind, count);
  }

  /** Something was lost, or not as it should be. */
  wrong(kind: string, problem: string): void {
    this.problems.push(`${kind}: ${problem}`);
  }

  /** Something that was killed has come to its end, and that was what it would have been. */
  proved(what: string): void {
    this.proofs.set(what, (this.proofs.get(what) ?? 0) + 1);
  }

  /** How many were killed before they had ended. */
  get count(): number {
    return [...this.kills.values()].reduce((sum, { killed }) => sum + killed, 0);
  }

  get lost(): readonly string[] {
    return this.problems;
  }

  text(): string {
    const kinds = [...this.kills].map(
      ([kind, { killed, late }]) => `${String(killed).padStart(5)}  ${kind}${late > 0 ? ` (${late} more came too late)` : ''}`,
    );
    const proofs = [...this.proofs].map(([what, count]) => `${String(count).padStart(5)}  ${what}`);
    const lost = this.problems.length === 0 ? ['nothing was lost'] : ['LOST OR WRONG:', ...this.problems];
    return [`${this.count} kills`, ...kinds, 'of what was killed:', ...proofs, ...lost].join('\n');
  }
}
