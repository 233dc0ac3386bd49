// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC165} from "@openzeppelin/contracts/interfaces/IERC165.sol";

/// @title One level of ENSv2's registries: names, their resolvers, and who may set those
/// @notice A stand-in on local chains for ENS's PermissionedRegistry. Who may register names and give roles is not
/// decided here; who may set a resolver is, as there.
/// @dev An entry that has expired counts as if it were not there, and so does everything below it. Its number is the
/// hash of its label in all but the lowest 32 bits, which count how often it was registered.
contract RegistryV2 is IERC165 {
    /// @notice Reserved names have nobody who could own them yet, as those that are still in ENSv1.
    enum Status {
        AVAILABLE,
        RESERVED,
        REGISTERED
    }

    struct State {
        Status status;
        uint64 expiry;
        address latestOwner;
        uint256 tokenId;
        uint256 resource;
    }

    struct Entry {
        address owner;
        address resolver;
        RegistryV2 subregistry;
        uint64 expiry;
        uint32 version;
    }

    uint256 private constant ROLE_SET_RESOLVER = 1 << 24;
    uint256 private constant ROOT_RESOURCE = 0;
    /// @dev IPermissionedRegistry of ENS.
    bytes4 private constant PERMISSIONED_REGISTRY = 0xafff3a63;

    mapping(uint256 storageId => Entry) private _entries;
    mapping(uint256 resource => mapping(address account => uint256 roles)) private _roles;

    error EACUnauthorizedAccountRoles(uint256 resource, uint256 roleBitmap, address account);
    error LabelExpired(uint256 tokenId);

    /// @notice Registers `label` anew, or reserves it when `owner` is zero.
    function register(
        string calldata label,
        address owner,
        RegistryV2 registry,
        address resolver,
        uint256 roleBitmap,
        uint64 expiry
    ) external {
        uint256 id = uint256(keccak256(bytes(label)));
        uint32 version = _entry(id).version + 1;
        _entries[_withVersion(id, 0)] = Entry(owner, resolver, registry, expiry, version);
        _roles[_withVersion(id, version)][owner] = roleBitmap;
    }

    function grantRoles(uint256 anyId, uint256 roleBitmap, address account) external {
        _roles[_resource(anyId)][account] |= roleBitmap;
    }

    function revokeRoles(uint256 anyId, uint256 roleBitmap, address account) external {
        _roles[_resource(anyId)][account] &= ~roleBitmap;
    }

    function grantRootRoles(uint256 roleBitmap, address account) external {
        _roles[ROOT_RESOURCE][account] |= roleBitmap;
    }

    function setResolver(uint256 anyId, address resolver) public virtual {
        require(_isLive(_entry(anyId)), LabelExpired(_resource(anyId)));
        require(
            hasRoles(anyId, ROLE_SET_RESOLVER, msg.sender),
            EACUnauthorizedAccountRoles(_resource(anyId), ROLE_SET_RESOLVER, msg.sender)
        );
        _entry(anyId).resolver = resolver;
    }

    function getResolver(string calldata label) external view returns (address) {
        Entry storage entry = _entry(uint256(keccak256(bytes(label))));
        return _isLive(entry) ? entry.resolver : address(0);
    }

    function getSubregistry(string calldata label) external view returns (RegistryV2) {
        Entry storage entry = _entry(uint256(keccak256(bytes(label))));
        return _isLive(entry) ? entry.subregistry : RegistryV2(address(0));
    }

    /// @notice The owner and the end of an entry that has expired are told as well.
    function getState(uint256 anyId) external view returns (State memory) {
        Entry storage entry = _entry(anyId);
        Status status = entry.owner == address(0) ? Status.RESERVED : Status.REGISTERED;
        if (!_isLive(entry)) status = Status.AVAILABLE;
        uint256 resource = _resource(anyId);
        return State(status, entry.expiry, entry.owner, resource, resource);
    }

    /// @notice Whether `account` has all these roles, for this entry or for the whole registry.
    function hasRoles(
        uint256 anyId,
        uint256 roleBitmap,
        address account
    ) public view returns (bool) {
        uint256 held = _roles[_resource(anyId)][account] | _roles[ROOT_RESOURCE][account];
        return held & roleBitmap == roleBitmap;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC165).interfaceId || interfaceId == PERMISSIONED_REGISTRY;
    }

    function _entry(uint256 anyId) private view returns (Entry storage) {
        return _entries[_withVersion(anyId, 0)];
    }

    /// @dev What roles are held on. Those on an entry that has expired count no more.
    function _resource(uint256 anyId) private view returns (uint256) {
        if (anyId == ROOT_RESOURCE) return anyId;
        Entry storage entry = _entry(anyId);
        return _withVersion(anyId, _isLive(entry) ? entry.version : entry.version + 1);
    }

    /// @notice When the entry of a label's hash ends, also if that is past; 0 without an entry.
    function getExpiry(uint256 labelId) external view returns (uint64) {
        return _entry(labelId).expiry;
    }

    function _isLive(Entry storage entry) private view returns (bool) {
        return block.timestamp < entry.expiry;
    }

    function _withVersion(uint256 anyId, uint32 version) private pure returns (uint256) {
        return (anyId ^ uint32(anyId)) | version;
    }
}
