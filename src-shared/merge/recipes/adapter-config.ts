// The configuration that lies beside a low-rank adapter's weights (adapter_config.json): alpha, whether the scale is
// rank-stabilised, whether hosts are stored turned, and alphas of single modules. Ranks are read off the shapes.
import { z } from 'zod';
import { UserError } from '../../base/user-error';
import type { GivenSettings } from './settings';

const configSchema = z.looseObject({
  lora_alpha: z.number(),
  use_rslora: z.boolean().optional(),
  fan_in_fan_out: z.boolean().optional(),
  use_dora: z.boolean().optional(),
  alpha_pattern: z.record(z.string(), z.number()).nullish(),
  lora_bias: z.boolean().optional(),
});

/** Settings for the groups at `prefixes`. Throws UserError for a configuration that the recipes cannot follow. */
export function settingsOfAdapter(json: unknown, prefixes: readonly string[], where: string): GivenSettings {
  const parsed = configSchema.safeParse(json);
  if (!parsed.success)
    throw new UserError(
      `${where} is no configuration of a low-rank adapter: ${parsed.error.issues[0].path.join('.')}: ${parsed.error.issues[0].message}`,
    );
  const { lora_alpha, use_rslora, fan_in_fan_out, use_dora, alpha_pattern, lora_bias } = parsed.data;
  if (use_dora) throw new UserError(`${where}: use_dora is set; weight-decomposed adapters (DoRA) are not merged here`);
  if (lora_bias) throw new UserError(`${where}: lora_bias is set; adapters with a bias are not merged here`);
  const settings: Record<string, number> = { alpha: lora_alpha, rslora: Number(use_rslora ?? false) };
  if (fan_in_fan_out !== undefined) settings.fan_in_fan_out = Number(fan_in_fan_out);
  for (const [pattern, alpha] of Object.entries(alpha_pattern ?? {})) {
    const matches = moduleMatcher(pattern, where);
    for (const prefix of prefixes) if (matches(prefix) && !(`${prefix}:alpha` in settings)) settings[`${prefix}:alpha`] = alpha;
  }
  return settings;
}

/** A pattern is a regular expression for the end of a module's path, from a dot on; the first that matches counts. */
function moduleMatcher(pattern: string, where: string): (path: string) => boolean {
  try {
    const whole = new RegExp(`^(.*\\.)?(${pattern})$`);
    return (path) => whole.test(path);
  } catch {
    throw new UserError(`${where}: alpha_pattern has ${JSON.stringify(pattern)}, which is no regular expression`);
  }
}
