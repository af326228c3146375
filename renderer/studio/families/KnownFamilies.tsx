// Every family whose blocks are found in any file, each with its page of help: there before a file is opened, too.
import { useState } from 'react';
import { attempt } from '../notices';
import { FamilyHelpButton } from './FamilyHelp';

export function KnownFamilies() {
  const [families, setFamilies] = useState<readonly string[]>([]);
  // The recipes are fetched when somebody asks: they are many.
  const load = () =>
    attempt(async () => {
      const { shippedRecipes } = await import('@shared/merge/recipes/shipped');
      setFamilies([...new Set(shippedRecipes().map(({ family }) => family))].sort());
    });
  return (
    <details data-testid="known-families" onToggle={(event) => event.currentTarget.open && families.length === 0 && void load()}>
      <summary>Families of blocks that are found in any file, merged and proved</summary>
      <div className="row">
        {families.map((family) => (
          <FamilyHelpButton key={family} family={family} />
        ))}
      </div>
    </details>
  );
}
