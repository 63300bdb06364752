"""What a reader sees of a page, by headless Chromium at two widths."""

import html
import json
import re
import subprocess

CHROMIUM = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
            "--disable-dev-shm-usage", "--allow-file-access-from-files", "--enable-logging=stderr"]

FRAMES = """<body><pre id="seen"></pre><script>
const look = (frame) => {
  const page = frame.contentDocument;
  return { width: frame.clientWidth, title: page.title, page_width: page.documentElement.scrollWidth, text: page.body.innerText,
    rows: page.querySelectorAll("tr").length, images: page.querySelectorAll("img").length };
};
const frames = [1280, 400].map((width) => {
  const frame = document.createElement("iframe");
  Object.assign(frame, { src: "PAGE", width, height: 3000 });
  frame.style.border = 0;
  document.body.append(frame);
  return new Promise((done) => frame.addEventListener("load", () => done(look(frame))));
});
Promise.all(frames).then((seen) => { document.getElementById("seen").textContent = JSON.stringify(seen); });
</script>"""


def browse(test, page):
    """What the browser shows of the page at 1280 and at 400 pixels; it must log no error."""
    frames = page.parent / "frames.html"
    frames.write_text(FRAMES.replace("PAGE", page.name))
    command = [*CHROMIUM, f"--user-data-dir={test.folder}/browser", "--virtual-time-budget=5000", "--dump-dom", frames.as_uri()]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    test.assertNotRegex(shown.stderr, r"CONSOLE.*(Uncaught|rror)")
    return json.loads(html.unescape(re.search(r'<pre id="seen">(.*?)</pre>', shown.stdout, re.DOTALL)[1]))
