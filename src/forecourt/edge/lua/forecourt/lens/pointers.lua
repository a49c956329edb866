--- Where a place of one version's body is in the other's: JSON pointers through
-- the steps of lenses, without a body.
local find, gsub, sub = string.find, string.gsub, string.sub
local concat, insert, remove = table.concat, table.insert, table.remove
local ipairs = ipairs

local _M = {}

-- Paths are lists of keys and indexes, from the outside in; steps change them
-- in place. What has no place of its own is where its object is.
local function cut(path, kept)
  for i = #path, kept + 1, -1 do
    path[i] = nil
  end
end

local function enter(path, at, name)
  insert(path, at, name)
end

-- Takes a name out that a value is no longer inside of.
local function leave(path, at, name)
  if path[at] == name then
    remove(path, at)
  else
    cut(path, at - 1)
  end
end

-- What a step makes of the place of a value that it changes: its parts stand
-- behind `at - 1` names. First as the step goes, then back.
local VALUE = {
  convert = {
    function(_, path, at)
      cut(path, at - 1)
    end,
  },
  map = { function() end },
  in_object = {
    function(by, path, at)
      enter(path, at, by.name.text)
    end,
    function(by, path, at)
      leave(path, at, by.name.text)
    end,
  },
  in_list = {
    function(_, path, at)
      enter(path, at, "0")
    end,
    function(_, path, at)
      leave(path, at, "0")
    end,
  },
}
VALUE.convert[2], VALUE.map[2] = VALUE.convert[1], VALUE.map[1]
VALUE.out_of_object = { VALUE.in_object[2], VALUE.in_object[1] }
VALUE.out_of_list = { VALUE.in_list[2], VALUE.in_list[1] }

local function has(names, name)
  for _, each in ipairs(names) do
    if each == name then
      return true
    end
  end
  return false
end

local function gone(step, path)
  if path[1] == step.name.text then
    cut(path, 0)
  end
end

-- The same of the members of an object.
local MEMBERS = {
  rename = {
    function(step, path)
      if path[1] == step.name.text then
        path[1] = step.to.text
      end
    end,
    function(step, path)
      if path[1] == step.to.text then
        path[1] = step.name.text
      end
    end,
  },
  gather = {
    function(step, path)
      if has(step.names, path[1]) then
        enter(path, 1, step.into.text)
      end
    end,
    function(step, path)
      if path[1] == step.into.text then
        remove(path, 1)
      end
    end,
  },
  spread = {
    function(step, path)
      if path[1] == step.name.text then
        remove(path, 1)
      end
    end,
    function(step, path)
      if has(step.names, path[1]) then
        enter(path, 1, step.name.text)
      end
    end,
  },
  put = { function() end, gone },
  drop = { gone, function() end },
}

local function do_step(step, path, way)
  if step.op == "whole" then
    VALUE[step.by.op][way](step.by, path, 1)
  elseif step.op ~= "change" then
    MEMBERS[step.op][way](step, path)
  elseif path[1] == step.name.text then
    VALUE[step.by.op][way](step.by, path, 2)
  end
end

local function part_of(node, name)
  local number = node.members and node.members[name] or node.others
  if not number and node.has_items and find(name, "^%d+$") then
    local leading = node.leading or {}
    number = leading[tonumber(name) + 1] or node.items
  end
  return number ~= 0 and number or nil
end

-- Of a value that may be several things, the first that knows the name; nobody
-- says here which it is.
local function chosen(nodes, node, name)
  if not node.by then
    return node
  end
  local tags = {}
  for tag in pairs(node.by.nodes) do
    tags[#tags + 1] = tag
  end
  table.sort(tags)
  for _, tag in ipairs(tags) do
    local one = nodes[node.by.nodes[tag]]
    if one.steps or name and part_of(one, name) then
      return one
    end
  end
  return node
end

local walk

local function walk_part(nodes, node, path, way)
  local name = path[1]
  local number = name and part_of(node, name)
  if number then
    remove(path, 1)
    walk(nodes, nodes[number], path, way)
    insert(path, 1, name)
  end
end

walk = function(nodes, node, path, way)
  node = chosen(nodes, node, path[1])
  local steps = node.steps or {}
  if way == 1 then
    walk_part(nodes, node, path, way)
    for i = 1, #steps do
      do_step(steps[i], path, way)
    end
  else
    for i = #steps, 1, -1 do
      do_step(steps[i], path, way)
    end
    walk_part(nodes, node, path, way)
  end
end

--- Where a place is, once a program was done.
-- @tparam table program  as forecourt.lens.ready readies it
-- @tparam table path     keys and indexes; it is changed
function _M.after(program, path)
  walk(program.nodes, program.nodes[program.root], path, 1)
end

--- Where a place was, before a program was done.
function _M.before(program, path)
  walk(program.nodes, program.nodes[program.root], path, 2)
end

local function unescaped(key)
  return (gsub(gsub(key, "~1", "/"), "~0", "~"))
end

local function escaped(key)
  return (gsub(gsub(key, "~", "~0"), "/", "~1"))
end

--- The keys and indexes of a pointer (RFC 6901).
-- @treturn table|nil  nil: it is none
function _M.path(pointer)
  if pointer == "" then
    return {}
  elseif sub(pointer, 1, 1) ~= "/" then
    return nil
  end
  local path, i = {}, 2
  while true do
    local slash = find(pointer, "/", i, true)
    path[#path + 1] = unescaped(sub(pointer, i, slash and slash - 1))
    if not slash then
      return path
    end
    i = slash + 1
  end
end

--- The pointer of keys and indexes.
function _M.pointer(path)
  local out = {}
  for i, key in ipairs(path) do
    out[i] = "/" .. escaped(key)
  end
  return concat(out)
end

return _M
