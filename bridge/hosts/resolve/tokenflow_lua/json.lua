-- JSON for Lua 5.1. What is read is parsed sign by sign: nothing in it can ever run.

local json = {}

local DEEPEST = 100
local ESCAPES = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", ['"'] = '"', ["\\"] = "\\", ["/"] = "/" }
local NULL = {}

local function fail(at, what)
    error("no JSON: " .. what .. " at byte " .. at, 0)
end

-- A code point as UTF-8.
local function utf8(code)
    if code < 0x80 then
        return string.char(code)
    elseif code < 0x800 then
        return string.char(0xC0 + math.floor(code / 0x40), 0x80 + code % 0x40)
    elseif code < 0x10000 then
        return string.char(
            0xE0 + math.floor(code / 0x1000), 0x80 + math.floor(code / 0x40) % 0x40, 0x80 + code % 0x40)
    end
    return string.char(
        0xF0 + math.floor(code / 0x40000), 0x80 + math.floor(code / 0x1000) % 0x40,
        0x80 + math.floor(code / 0x40) % 0x40, 0x80 + code % 0x40)
end

-- The code unit whose four digits begin at `at`.
local function unit(text, at)
    local digits = text:match("^%x%x%x%x", at)
    if not digits then
        fail(at, "four hexadecimal digits are missing")
    end
    return tonumber(digits, 16)
end

-- What a backslash at `at` means, and where it ends; two halves of a surrogate pair are one sign.
local function escaped(text, at)
    local letter = text:sub(at + 1, at + 1)
    if letter ~= "u" then
        return ESCAPES[letter] or fail(at, "an unknown escape"), at + 2
    end
    local code = unit(text, at + 2)
    if code < 0xD800 or code > 0xDFFF then
        return utf8(code), at + 6
    end
    if code > 0xDBFF or text:sub(at + 6, at + 7) ~= "\\u" then
        fail(at, "half a surrogate pair")
    end
    local low = unit(text, at + 8)
    if low < 0xDC00 or low > 0xDFFF then
        fail(at, "half a surrogate pair")
    end
    return utf8(0x10000 + (code - 0xD800) * 0x400 + low - 0xDC00), at + 12
end

local function read_text(text, at)
    local parts = {}
    at = at + 1
    while true do
        local plain, stop = text:match('^([^"\\%z\1-\31]*)()', at)
        parts[#parts + 1] = plain
        local sign = text:sub(stop, stop)
        if sign == '"' then
            return table.concat(parts), stop + 1
        elseif sign ~= "\\" then
            fail(stop, "a text that does not end")
        end
        parts[#parts + 1], at = escaped(text, stop)
    end
end

local function read_number(text, at)
    local digits = text:match("^-?%d+%.?%d*[eE]?[+-]?%d*", at)
    local number = digits and tonumber(digits)
    if not number or digits:match("^-?0%d") then
        fail(at, "something that is no value")
    end
    return number, at + #digits
end

local function after_blanks(text, at)
    return text:match("^[ \t\r\n]*()", at)
end

local read_value

local function read_list(text, at, depth)
    local list = {}
    at = after_blanks(text, at + 1)
    if text:sub(at, at) == "]" then
        return list, at + 1
    end
    while true do
        list[#list + 1], at = read_value(text, at, depth)
        at = after_blanks(text, at)
        local sign = text:sub(at, at)
        if sign == "]" then
            return list, at + 1
        elseif sign ~= "," then
            fail(at, "a list that does not end")
        end
        at = at + 1
    end
end

-- An entry that is null is absent.
local function read_object(text, at, depth)
    local object = {}
    at = after_blanks(text, at + 1)
    if text:sub(at, at) == "}" then
        return object, at + 1
    end
    while true do
        at = after_blanks(text, at)
        if text:sub(at, at) ~= '"' then
            fail(at, "an entry without a name")
        end
        local name, value
        name, at = read_text(text, at)
        at = after_blanks(text, at)
        if text:sub(at, at) ~= ":" then
            fail(at, "a name without a value")
        end
        value, at = read_value(text, at + 1, depth)
        if value ~= NULL then
            object[name] = value
        end
        at = after_blanks(text, at)
        local sign = text:sub(at, at)
        if sign == "}" then
            return object, at + 1
        elseif sign ~= "," then
            fail(at, "an object that does not end")
        end
        at = at + 1
    end
end

local WORDS = { ["true"] = true, ["false"] = false, null = NULL }

function read_value(text, at, depth)
    if depth > DEEPEST then
        fail(at, "too many brackets")
    end
    at = after_blanks(text, at)
    local sign = text:sub(at, at)
    if sign == '"' then
        return read_text(text, at)
    elseif sign == "{" then
        return read_object(text, at, depth + 1)
    elseif sign == "[" then
        return read_list(text, at, depth + 1)
    end
    local word = text:match("^%a+", at)
    if word and WORDS[word] ~= nil then
        return WORDS[word], at + #word
    end
    return read_number(text, at)
end

-- The value that the text means; raises a sentence for what is no JSON.
function json.read(text)
    local value, at = read_value(text, 1, 0)
    at = after_blanks(text, at)
    if at <= #text then
        fail(at, "something behind the end")
    end
    if value == NULL then
        return nil
    end
    return value
end

local function write_text(text)
    return '"' .. text:gsub('[%z\1-\31"\\]', function(sign)
        return ("\\u%04x"):format(sign:byte())
    end) .. '"'
end

local function write_number(number)
    if number ~= number or number == math.huge or number == -math.huge then
        error("no JSON: " .. tostring(number), 0)
    end
    return (number == math.floor(number) and math.abs(number) < 2 ^ 53 and "%.0f" or "%.17g"):format(number)
end

-- The text of a value. A table with a first entry is a list, every other one an object.
function json.write(value)
    local kind = type(value)
    if kind == "string" then
        return write_text(value)
    elseif kind == "number" then
        return write_number(value)
    elseif kind == "boolean" then
        return tostring(value)
    elseif kind ~= "table" then
        error("no JSON: a " .. kind, 0)
    end
    local parts = {}
    if value[1] ~= nil then
        for _, entry in ipairs(value) do
            parts[#parts + 1] = json.write(entry)
        end
        return "[" .. table.concat(parts, ",") .. "]"
    end
    for name, entry in pairs(value) do
        parts[#parts + 1] = write_text(tostring(name)) .. ":" .. json.write(entry)
    end
    table.sort(parts)
    return "{" .. table.concat(parts, ",") .. "}"
end

return json
