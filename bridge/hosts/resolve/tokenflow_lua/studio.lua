-- How the studio is called: its command line does the work, and answers in JSON.
--
-- A shell stands in between, so nothing that a person named goes through it: the arguments lie in a
-- file. Raises {said = one sentence for the person at the screen}.

local json = require("tokenflow_lua.json")

local studio = { library = "" }

local WINDOWS = package.config:sub(1, 1) == "\\"
-- What hosts set for their own Python and Qt, and what would break the studio's.
local OWN = { "PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "QT_PLUGIN_PATH" }
local asked = 0

function studio.fail(said)
    error({ said = said }, 0)
end

-- Do the action; `restore` follows it in any case.
function studio.restoring(action, restore)
    local done, result = pcall(action)
    restore()
    if not done then
        error(result, 0)
    end
    return result
end

function studio.content(path)
    local file = io.open(path, "rb")
    if not file then
        return nil
    end
    local text = file:read("*a")
    file:close()
    return text
end

local function store(path, text)
    local file, problem = io.open(path, "wb")
    if not file then
        studio.fail("A note for TokenFlow Studio cannot be written (" .. tostring(problem) .. ").")
    end
    file:write(text)
    file:close()
end

-- What the installer noted: `command`, how the studio starts, and `exchange`, the folder.
local function settings()
    local path = studio.library .. "/studio.json"
    local read, note = pcall(json.read, studio.content(path) or "")
    if not read or type(note) ~= "table" or not note.command then
        studio.fail(path .. " is missing or damaged: run 'tokenflow-studio hosts install' again.")
    end
    return note
end

-- One word for the shell, whatever is in it.
function studio.quoted(word, windows)
    if not windows then
        return "'" .. word:gsub("'", "'\\''") .. "'"
    end
    if word:find('["%%\r\n]') then
        studio.fail("The path " .. word .. " holds signs that Windows acts on: choose a plainer one.")
    end
    return '"' .. word .. '"'
end

local function quoted(word)
    return studio.quoted(word, WINDOWS)
end

-- The shell's line for a command, without what the host set for itself; `before` goes in front.
local function line(words, before)
    local parts = { WINDOWS and "" or "env" }
    for _, name in ipairs(OWN) do
        parts[#parts + 1] = WINDOWS and ('set "' .. name .. '=" &') or ("-u " .. name)
    end
    parts[#parts + 1] = before
    for _, word in ipairs(words) do
        parts[#parts + 1] = quoted(word)
    end
    return table.concat(parts, " ")
end

local function command(...)
    local words = {}
    for _, word in ipairs(settings().command) do
        words[#words + 1] = word
    end
    for _, word in ipairs({ ... }) do
        words[#words + 1] = word
    end
    return words
end

-- A name that no other call has.
local function new_name()
    asked = asked + 1
    return os.time() .. "-" .. tostring({}):gsub("%W", "") .. "-" .. asked
end

-- A file that no other call has; whoever makes it removes it.
function studio.new_file(ending)
    return studio.library .. "/asked/" .. new_name() .. ending
end

-- Run one command to its end; gives its result.
function studio.ask(arguments)
    arguments[#arguments + 1] = "--json"
    local name = studio.library .. "/asked/" .. new_name()
    local said, wrong, stated = name .. ".out", name .. ".err", name .. ".json"
    store(stated, json.write(arguments))
    local nothing = WINDOWS and "NUL" or "/dev/null"
    local run = line(command("--arguments", stated))
    os.execute(("%s > %s 2> %s < %s"):format(run, quoted(said), quoted(wrong), nothing))
    local answer, errors = studio.content(said) or "", studio.content(wrong) or ""
    for _, path in ipairs({ said, wrong, stated }) do
        os.remove(path)
    end
    local last
    for text in answer:gmatch("[^\r\n]+") do
        last = text
    end
    local read, result = pcall(json.read, last or "")
    if not read or type(result) ~= "table" then
        studio.fail("TokenFlow Studio failed: " .. (errors:match("([^\r\n]+)[\r\n]*$") or "it gave no answer"))
    end
    if result.exit_code ~= 0 then
        studio.fail(result.message or "TokenFlow Studio failed.")
    end
    return result
end

-- Make a package of a clip; gives its folder. passage: `--reference` or `--move`.
function studio.send_shot(spec, shot, facts, passage)
    local stated = studio.new_file(".facts.json")
    store(stated, json.write(facts))
    return studio.restoring(function()
        return studio.ask({
            "shot", "send", spec, "-o", settings().exchange, "--shot=" .. shot, "--facts", stated, passage,
        }).package
    end, function()
        os.remove(stated)
    end)
end

-- An empty folder of the exchange folder, for frames that are moved into a package.
function studio.new_render_folder()
    local sign = package.config:sub(1, 1)
    local folder = table.concat({ settings().exchange, ".rendered", new_name() }, sign)
    local done = os.execute((WINDOWS and "mkdir " or "mkdir -p ") .. quoted(folder))
    if done ~= 0 and done ~= true then
        studio.fail("The folder " .. folder .. " cannot be made: check the exchange folder.")
    end
    return folder
end

-- Open the studio with a package, and do not wait for it.
function studio.open_window(package_folder)
    local words = command(package_folder)
    if WINDOWS then
        os.execute(line(words, 'start "" /b') .. " > NUL 2>&1")
    else
        os.execute(line(words) .. " > /dev/null 2>&1 < /dev/null &")
    end
end

return studio
