/** The templates, run as whoever copies them would have them run: each fetches Socklab from a repository. */
import Ajv2020 from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { cannotRun } from "../cli/lab_stage.ts";
import { commitAll, ROOT } from "./checkout.ts";
import { ONLY, PATIENCE, useCi } from "./ci_stage.ts";
import { blocksOf, indented } from "./document.ts";
import { gitlabJob } from "./shell_job.ts";

const ci = useCi();
const template = (path: string) => `${ROOT}/templates/${path}`;
const read = (path: string) => Deno.readTextFileSync(template(path));

/** Where the action is given what the workflows leave to it. */
const given = { engine: "local", trust: "true", only: ONLY, seed: "7" };
const options = "--engine local --trust --seed 7 --only " + ONLY;

/** Puts a template's files into the workspace. */
async function copy(name: string): Promise<void> {
  await ci.stage.script('cp -R -- "$FROM/." .', { FROM: template(name) });
}

const filesIn = (path: string) => [...Deno.readDirSync(path)].map(({ name }) => name).sort();

test("GitLab takes its template by its own published schema, and refuses another", async () => {
  const check = async (text: string) => {
    Deno.writeTextFileSync(`${ci.stage.workspace}/.gitlab-ci.yml`, text);
    // It asks where the repository comes from.
    const linter = `${ROOT}/node_modules/gitlab-ci-local/dist/index.js`;
    const { status, out, err } = await ci.stage.script(
      '"$LAB_DENO" run -A --no-config "$LINTER" --list',
      { LINTER: linter, HOME: ci.stage.folder },
    );
    return { status, said: out + err };
  };
  commitAll(ci.stage.workspace);
  await ci.stage.script("git remote add origin git@example.org:ada/labs.git");
  const text = read("gitlab/.gitlab-ci.yml");
  const good = await check(text);
  expect(good.said).toContain("json schema validated");
  expect(good.status).toBe(0);
  // What the document has to be added.
  const [added] = blocksOf(Deno.readTextFileSync(`${ROOT}/docs/grading.md`))
    .filter(({ mark }) => mark === "job: templates/gitlab/.gitlab-ci.yml");
  expect((await check(text + indented(added!, 2))).status).toBe(0);
  const bad = await check(text.replace("artifacts:", "artefacts:"));
  expect(bad.said).toContain("'artefacts' property is not expected");
  expect(bad.status).not.toBe(0);
}, PATIENCE);

describe.skipIf(cannotRun !== "")("on this machine", () => {
  test("a student's repository: what ./lab new makes in it is graded at a push", async () => {
    const { stage } = ci;
    await copy("student-repo");
    const env = { SOCKLAB: stage.socklab.path };
    const made = await stage.script('"$SOCKLAB/lab" new lab1 lab1', env);
    expect(made.status).toBe(0);
    const contexts = { matrix: { lab: "lab1" } };
    const workflow = read("student-repo/.github/workflows/grade.yml");
    const first = await stage.runner({ contexts, given }).job(workflow);
    expect(first.status).toBe(1);
    expect(first.outputs.socklab).toMatchObject({ outcome: "graded", score: "0" });
    stage.hand("lab1");
    const then = await stage.runner({ contexts, given }).job(workflow);
    expect(then.status).toBe(0);
    expect(then.outputs.socklab!.score).toBe(then.outputs.socklab!["max-score"]);
    const results = then.uploads.lab1!;
    expect(filesIn(results)).toContain("junit.xml");
    expect(filesIn(`${results}/submissions`)).toEqual(["lab1"]);
  }, PATIENCE);

  test("a student's repository: what its README says", async () => {
    const { stage } = ci;
    await copy("student-repo");
    commitAll(stage.workspace);
    Deno.symlinkSync(stage.socklab.path, `${stage.folder}/socklab`);
    await stage.script(
      'git init --quiet --bare "$HOME/remote" && git push --quiet -u "$HOME/remote" main',
      { HOME: stage.folder },
    );
    const [block] = blocksOf(read("student-repo/README.md"));
    // The lab whose checks take the least.
    const lines = block!.text.replaceAll(/ +# .*/g, "").replaceAll("lab3", "lab4").trimEnd().split(
      "\n",
    );
    const author = { GIT_AUTHOR_NAME: "Ada", GIT_AUTHOR_EMAIL: "ada@example.org" };
    const committer = { GIT_COMMITTER_NAME: "Ada", GIT_COMMITTER_EMAIL: "ada@example.org" };
    const { out, err } = await stage.script(
      lines.map((line) => `${line}; echo "[$?] ${line.split(" ").slice(0, 3).join(" ")}"`).join(
        "\n",
      ),
      { ...author, ...committer, HOME: stage.folder },
    );
    const ends = out.split("\n").filter((line) => /^\[\d+\] /.test(line));
    expect({ ends, err }).toMatchObject({
      ends: [
        ...["[0] ~/socklab/lab new lab4", "[0] cd lab4"],
        // Nothing is finished yet.
        ...["[1] ./lab run lab4", "[1] ./lab check lab4", "[0] git add .", "[0] git push"],
      ],
    });
  }, PATIENCE);

  test("an instructor's: each repository of the list is in the results", async () => {
    const { stage } = ci;
    const students = { ada: "solution", bob: "starter" };
    const lines = Object.entries(students).map(([name, what]) => {
      const repository = `${stage.workspace}/${name}`;
      stage.hand(`${name}/lab1`, what);
      if (name === "bob") Deno.symlinkSync("/etc", `${repository}/lab1/etc`);
      commitAll(repository);
      Deno.renameSync(repository, `${stage.folder}/${name}`);
      return `${name} file://${stage.folder}/${name}`;
    });
    const list = ["# who", ...lines, "carol file:///no/such", ""].join("\n");
    Deno.writeTextFileSync(`${stage.workspace}/repositories.txt`, list);
    const workflow = read("instructor/.github/workflows/grade.yml");
    const { status, summary, uploads } = await stage.runner({ given })
      .job(workflow, { lab: "lab1", folder: "lab1" });
    // Carol's could not be taken.
    expect(status).toBe(2);
    for (const name of ["ada", "bob", "carol"]) expect(summary).toContain(name);
    const { submissions } = JSON.parse(
      Deno.readTextFileSync(`${uploads.lab1}/results.json`),
    ) as { submissions: { name: string; outcome: string }[] };
    expect(submissions.map(({ name, outcome }) => `${name} ${outcome}`))
      .toEqual(["ada graded", "bob graded", "carol rejected"]);
    expect(filesIn(uploads.lab1!)).toContain("results.csv");
  }, PATIENCE);

  test("GitLab's job leaves the reports that it names", async () => {
    const { stage } = ci;
    const { script, variables } = gitlabJob(read("gitlab/.gitlab-ci.yml"), "grade");
    stage.hand("lab1");
    const env = {
      ...variables,
      ...{ SOCKLAB_URL: `file://${stage.socklab.path}`, SOCKLAB_COMMIT: stage.socklab.commit },
      ...{ LAB: "lab1", CI_PROJECT_DIR: stage.workspace, GRADE_OPTIONS: options },
    };
    const good = await stage.script(script, env);
    expect(good).toMatchObject({ status: 0 });
    const grades = `${stage.workspace}/grades/lab1`;
    expect(Deno.readTextFileSync(`${grades}/junit.xml`)).toMatch(/<testsuites .*failures="0"/);
    stage.hand("lab1", "starter");
    Deno.removeSync(grades, { recursive: true });
    const lost = await stage.script(script, env);
    expect(lost.status).toBe(1);
    expect(Deno.readTextFileSync(`${grades}/junit.xml`)).toMatch(/<testsuites .*failures="1"/);
  }, PATIENCE);

  test(
    "Classroom 50's autograder leaves a result, or an error where there is no verdict",
    async () => {
      const { stage } = ci;
      const told = {
        ...{ CLASSROOM: "networks", ASSIGNMENT: "lab1", SUBMISSION_TAG: "submit/1" },
        ...{ COMMIT_URL: "https://example.org/c", RELEASE_URL: "https://example.org/r" },
      };
      const python = read("classroom50/autograder.py")
        .replace("https://github.com/OWNER/socklab.git", `file://${stage.socklab.path}`)
        .replace('"COMMIT"', JSON.stringify(stage.socklab.commit))
        .replace('"lab3"', '"lab1"')
        .replace("OPTIONS = []", `OPTIONS = ${JSON.stringify(options.split(" "))}`);
      const script = stage.program("autograder.py", python);
      const run = (env: Record<string, string>) =>
        stage.script('python3 "$SCRIPT"', { ...env, SCRIPT: script });
      stage.hand(".", "solution");
      const target = stage.program("elsewhere", "mine");
      Deno.symlinkSync(target, `${stage.workspace}/result.json`);
      expect(await run(told)).toMatchObject({ status: 0 });
      const result = JSON.parse(Deno.readTextFileSync(`${stage.workspace}/result.json`));
      const schema = JSON.parse(
        Deno.readTextFileSync(`${ROOT}/src/grade/report/classroom50.schema.json`),
      );
      const ajv = new Ajv2020.default({ strict: false, allErrors: true, validateFormats: false });
      expect(ajv.validate(schema, result), ajv.errorsText()).toBe(true);
      expect(result.score).toBe(result["max-score"]);
      expect(Deno.readTextFileSync(target)).toBe("mine");
      expect(filesIn(stage.workspace)).toContain("release-body.md");
      // What its runner would have told is not there.
      const without = await run({ ...told, CLASSROOM: "" });
      expect(without.status).toBe(2);
      expect(without.err).toContain("Set CLASSROOM");
    },
    PATIENCE,
  );
});
